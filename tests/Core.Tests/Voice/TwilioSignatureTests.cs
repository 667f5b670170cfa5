using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Serverless940.Core.Voice;

namespace Serverless940.Core.Tests.Voice;

public sealed class TwilioSignatureTests
{
    private const string Base = "https://reports.example.org/";
    private const string Path = "/api/channels/voice/go?s=a-b_c";

    private static readonly FormField[] s_fields = [new("CallSid", "CA1"), new("Digits", "1"), new("CallerName", "")];

    public static TheoryData<int> Vectors => [.. Enumerable.Range(0, Read().Count)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_vendors_vectors_hold(int index)
    {
        var vector = Read()[index];
        var split = vector.Url.IndexOf('/', vector.Url.IndexOf("://", StringComparison.Ordinal) + 3);
        var fields = vector.Fields.Select(field => new FormField(field[0], field[1])).ToList();

        Assert.Equal(vector.Holds, TwilioSignature.Holds([vector.Token], vector.Url[..split], vector.Url[split..], fields, vector.Signature));
    }

    [Theory]
    [InlineData("https://reports.example.org/", "https://reports.example.org:443/")]
    [InlineData("https://reports.example.org:443/", "https://reports.example.org/")]
    [InlineData("https://reports.example.org:8443/", "https://reports.example.org/")]
    [InlineData("http://reports.example.org", "http://reports.example.org:80")]
    [InlineData("https://user:word@reports.example.org/", "https://user:word@reports.example.org:443/")]
    [InlineData("https://reports.example.org/940/", "https://reports.example.org/940")]
    public void It_does_not_matter_how_the_provider_wrote_the_configured_address(string configured, string dialled) =>
        Assert.True(TwilioSignature.Holds(["token"], configured, Path, s_fields, Sign("token", dialled.TrimEnd('/') + Path, s_fields)));

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("http://reports.example.org/")]
    [InlineData("https://reports.example.org:8443/")]
    [InlineData("https://user@reports.example.org/")]
    [InlineData("https://Reports.Example.org/")]
    [InlineData("https://reports.example.org/other/")]
    public void Another_address_does(string dialled) =>
        Assert.False(TwilioSignature.Holds(["token"], Base, Path, s_fields, Sign("token", dialled.TrimEnd('/') + Path, s_fields)));

    [Theory]
    [InlineData("/p?a=%2F%c3%a9", "/p?a=%2F%C3%A9")]
    [InlineData("/p?a=%2f", "/p?a=%2F")]
    [InlineData("/p?a=%2F", "/p?a=%2f")]
    public void Percent_codes_may_be_written_in_either_case(string received, string dialled) =>
        Assert.True(TwilioSignature.Holds(["token"], Base, received, [], Sign("token", Base.TrimEnd('/') + dialled, [])));

    [Fact]
    public void Every_field_is_signed_empty_and_unknown_ones_too()
    {
        var signature = Sign("token", Base.TrimEnd('/') + Path, s_fields);

        Assert.True(TwilioSignature.Holds(["token"], Base, Path, [.. s_fields.Reverse()], signature));
        Assert.False(TwilioSignature.Holds(["token"], Base, Path, s_fields[..2], signature));
        Assert.False(TwilioSignature.Holds(["token"], Base, Path, [.. s_fields, new("New", "")], signature));
        Assert.False(TwilioSignature.Holds(["token"], Base, Path, [s_fields[0], new("Digits", "2"), s_fields[2]], signature));
    }

    [Fact]
    public void While_the_token_is_exchanged_both_hold_and_an_empty_one_never_does()
    {
        var signature = Sign("old", Base.TrimEnd('/') + Path, s_fields);

        Assert.True(TwilioSignature.Holds(["new", "old"], Base, Path, s_fields, signature));
        Assert.False(TwilioSignature.Holds(["new"], Base, Path, s_fields, signature));
        Assert.False(TwilioSignature.Holds([""], Base, Path, s_fields, Sign("", Base.TrimEnd('/') + Path, s_fields)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no base64 of twenty bytes!!=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void What_is_no_signature_is_refused(string? signature) =>
        Assert.False(TwilioSignature.Holds(["token"], Base, Path, s_fields, signature));

    [Fact]
    public void A_body_that_is_no_form_is_covered_by_its_hash()
    {
        var body = "{\"property\": \"value\", \"boolean\": true}"u8.ToArray();
        const string Hash = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";

        Assert.True(TwilioSignature.CoversBody(Hash, body));
        Assert.False(TwilioSignature.CoversBody(Hash, [.. body, (byte)' ']));
        Assert.False(TwilioSignature.CoversBody(null, body));
        Assert.False(TwilioSignature.CoversBody(new string('g', 64), body));
    }

    [Fact]
    public void A_form_is_read_as_it_was_written()
    {
        var fields = FormBody.Read("SpeechResult=%D8%AD%D9%81%D8%B1%D8%A9+%2B%3d&Empty=&Bare&&Digits=1&Digits=2&Bad=%zz%"u8)!;

        Assert.Equal([new("SpeechResult", "حفرة +="), new("Empty", ""), new("Bare", ""), new("Digits", "1"), new("Digits", "2"), new("Bad", "%zz%")], fields);
        Assert.Null(fields.Value("Digits"));
        Assert.Equal("", fields.Value("Empty"));
        Assert.Null(FormBody.Read(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a=1&", FormBody.MostFields + 1)))));
    }

    private static string Sign(string token, string address, IEnumerable<FormField> fields) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(
            address + string.Concat(fields.OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => field.Name + field.Value)))));

    private static List<Vector> Read()
    {
        var folder = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Policies.ExamplePolicy.PoliciesFolder)!, "..", "..", "tests", "Core.Tests", "Voice", "voice-signatures.json");
        return JsonSerializer.Deserialize<List<Vector>>(File.ReadAllBytes(folder), JsonSerializerOptions.Web)!;
    }

    private sealed record Vector(string Token, string Url, IReadOnlyList<IReadOnlyList<string>> Fields, string Signature, bool Holds);
}
