using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Serverless940.Core.Channels;
using Serverless940.Tests.Shared;

namespace Serverless940.Benchmarks;

/// <summary>A WhatsApp webhook of 2 KB, checked and parsed: beside the bare HMAC of its body.</summary>
internal static class WebhookBenchmark
{
    private const int Size = 2048;
    private const int Batch = 20_000;
    private static readonly byte[] _secret = "local-only-whatsapp-app-secret"u8.ToArray();

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var body = Body();
        var header = WhatsAppPayloads.Sign(Encoding.UTF8.GetString(_secret), body);
        for (var warm = 0; warm < 5; warm++)
        {
            Time(() => Take(body, header));
            Time(() => Bare(body));
        }

        var pair = await Measure.AlternateAsync(
            15, () => Task.FromResult(Time(() => Take(body, header))), () => Task.FromResult(Time(() => Bare(body))));
        return
        [
            new Row(
                $"webhook, {body.Length} bytes", Row.Text(pair.Ours) + " us", Row.Text(pair.Floor) + " us bare HMAC-SHA256", Row.Text(pair.Ratio), "<= 4", pair.Ratio <= 4),
        ];
    }

    private static int Take(byte[] body, string header)
    {
        if (!MetaSignature.Verify(_secret, body, header))
        {
            throw new InvalidOperationException("The signature does not hold.");
        }

        return WhatsAppPayload.Read(body, WhatsAppPayloads.PhoneNumberId, DateTimeOffset.UnixEpoch).Events.Count;
    }

    private static int Bare(byte[] body)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return HMACSHA256.HashData(_secret, body, mac);
    }

    /// <summary>Microseconds for one.</summary>
    private static double Time(Func<int> operation)
    {
        var sum = 0;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Batch; i++)
        {
            sum += operation();
        }

        return sum > 0 ? Stopwatch.GetElapsedTime(started).TotalMicroseconds / Batch : throw new InvalidOperationException("Nothing was read.");
    }

    // A citizen's Arabic text, escaped as the provider does, until the post has its 2 KB.
    private static byte[] Body()
    {
        const string Words = "عمود إنارة مكسور أمام المدرسة منذ يومين والشارع مظلم تماما ";
        var text = new StringBuilder();
        byte[] body;
        do
        {
            text.Append(Words[text.Length % Words.Length]);
            body = WhatsAppPayloads.Text("966500000001", "wamid.HBgMOTY2NTAwMDAwMDAxFQIAEhgg", text.ToString());
        }
        while (body.Length < Size);
        return body;
    }
}
