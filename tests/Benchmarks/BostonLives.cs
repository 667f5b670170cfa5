using System.Globalization;
using System.IO.Compression;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;

namespace Serverless940.Benchmarks;

/// <summary>What becomes of one report: taken in, and open until then.</summary>
/// <param name="Until">When it was closed, or the end of the half-year.</param>
internal sealed record Life(string Number, SubmitReport Submit, Attachment Proof, DateTimeOffset Until, bool Closes);

/// <summary>A half-year of one city's requests, told as reports of the example policy.</summary>
internal static class BostonLives
{
    // Boston's extent, and a stretch of the Dammam and Khobar area with some of its surroundings.
    private static readonly (double Lat, double Lon, double Height, double Width) _from = (42.22, -71.20, 0.20, 0.22);
    private static readonly (double Lat, double Lon, double Height, double Width) _to = (26.20, 49.95, 0.35, 0.30);

    public static IReadOnlyList<Life> Read(Policy policy)
    {
        using var file = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", "boston311-2011h2.csv.gz")), CompressionMode.Decompress));
        file.ReadLine();
        var categories = policy.Categories.Keys.Order(StringComparer.Ordinal).ToArray();
        var lives = new List<Life>();
        var end = new DateTimeOffset(2012, 1, 1, 0, 0, 0, TimeSpan.FromHours(3));
        while (file.ReadLine() is { } line)
        {
            lives.Add(Read(line.Split(','), categories, end, lives.Count));
        }

        return lives;
    }

    private static Life Read(string[] row, string[] categories, DateTimeOffset end, int index)
    {
        var source = ReportNumber.SourceHash("boston", row[0]);
        var opened = Instant(row[1])!.Value;
        var closed = Instant(row[3]);
        var number = ReportNumber.Derive(source, opened.Year);
        var submit = new SubmitReport
        {
            Number = number,
            CommandId = "submit-" + source,
            At = opened,
            Actor = Actor.Citizen,
            SourceHash = source,
            Channel = row[9] == "Self Service" ? Channel.App : Channel.Desk,
            Kind = ReportKind.Report,
            Category = categories[row[6].Sum(letter => letter) % categories.Length],
            Text = row[6],
            Place = Place(row),
            Reporter = new Reporter(string.Create(CultureInfo.InvariantCulture, $"+9665{index % 10}{index:0000000}"), false, null, index % 4 == 0 ? "en" : "ar"),
        };
        var proof = new Attachment("proof", "image/jpeg", 100_000, source, AttachmentPurpose.Proof);
        return new Life(number, submit, proof, closed >= opened ? closed.Value : end, closed >= opened);
    }

    private static ReportPlace? Place(string[] row)
    {
        if (!double.TryParse(row[10], NumberStyles.Float, CultureInfo.InvariantCulture, out var lat)
            || !double.TryParse(row[11], NumberStyles.Float, CultureInfo.InvariantCulture, out var lon))
        {
            return new ReportPlace(Address: row[8]);
        }

        return new ReportPlace(
            _to.Lat + ((lat - _from.Lat) / _from.Height * _to.Height), _to.Lon + ((lon - _from.Lon) / _from.Width * _to.Width), row[8]);
    }

    private static DateTimeOffset? Instant(string text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? new DateTimeOffset(local, TimeSpan.FromHours(3))
            : null;
}
