using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Serverless940.Core.Channels;
using Serverless940.Tests.Shared;

namespace Serverless940.Core.Tests.Channels;

public sealed class MetaSignatureTests
{
    private const string Secret = "an-app-secret-of-a-test";

    private static readonly byte[] s_body = WhatsAppPayloads.Text("+966500000001", "wamid.1", "عمود إنارة مكسور");

    [Fact]
    public void Published_signatures_are_recognised_and_other_bytes_of_the_same_json_are_not()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(), "meta-signatures.json")));

        Assert.Equal(5, vectors.RootElement.GetArrayLength());
        foreach (var vector in vectors.RootElement.EnumerateArray())
        {
            var body = Encoding.UTF8.GetBytes(vector.GetProperty("body").GetString()!);
            var secret = Encoding.UTF8.GetBytes(vector.GetProperty("secret").GetString()!);
            Assert.Equal(vector.GetProperty("genuine").GetBoolean(), MetaSignature.Verify(secret, body, vector.GetProperty("header").GetString()));
        }
    }

    [Fact]
    public void Hex_of_either_case_is_taken()
    {
        var header = WhatsAppPayloads.Sign(Secret, s_body);

        Assert.True(Verify(s_body, header));
        Assert.True(Verify(s_body, "sha256=" + header["sha256=".Length..].ToUpperInvariant()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha256=zz")]
    public void What_is_no_signature_is_refused(string? header) => Assert.False(Verify(s_body, header));

    [Fact]
    public void A_right_digest_in_a_wrong_form_is_refused()
    {
        var header = WhatsAppPayloads.Sign(Secret, s_body);
        var digest = header["sha256=".Length..];

        Assert.False(Verify(s_body, digest));
        Assert.False(Verify(s_body, "SHA256=" + digest));
        Assert.False(Verify(s_body, "sha1=" + digest));
        Assert.False(Verify(s_body, header[..^2]));
        Assert.False(Verify(s_body, header + "00"));
        Assert.False(Verify(s_body, header + "," + header));
        Assert.False(Verify(s_body, " " + header));
        Assert.False(Verify(s_body, "sha256=" + new string('g', 64)));
        Assert.False(Verify(s_body, "sha256=" + new string('٠', 64)));
    }

    [Fact]
    public void Another_body_secret_or_algorithm_is_refused()
    {
        var header = WhatsAppPayloads.Sign(Secret, s_body);
        var changed = s_body.ToArray();
        changed[^1] ^= 1;
        byte[] marked = [0xEF, 0xBB, 0xBF, .. s_body];
        var rewritten = JsonSerializer.SerializeToUtf8Bytes(JsonDocument.Parse(s_body).RootElement);

        Assert.False(Verify(changed, header));
        Assert.False(Verify(marked, header));
        Assert.False(Verify(rewritten, header));
        Assert.False(Verify([], header));
        Assert.False(MetaSignature.Verify("another-secret-altogether"u8, s_body, header));
#pragma warning disable CA5350 // the old header is SHA-1, and is no proof
        Assert.False(Verify(s_body, "sha1=" + Convert.ToHexStringLower(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Secret), s_body))));
#pragma warning restore CA5350
    }

    [Fact]
    public void Without_a_secret_nothing_is_genuine()
    {
        var header = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Array.Empty<byte>(), s_body));

        Assert.False(MetaSignature.Verify([], s_body, header));
    }

    private static bool Verify(byte[] body, string? header) => MetaSignature.Verify(Encoding.UTF8.GetBytes(Secret), body, header);

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
