using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Serverless940.Core.Insights;

namespace Serverless940.Functions.Insights;

/// <summary>The bulletin as one picture (SVG) for posts: the figures at a glance and the municipalities with most reports.</summary>
internal static class BulletinPicture
{
    private const int Width = 1200;
    private const int Margin = 60;
    private const int MostLines = 8;
    private const string Fonts = "IBM Plex Sans Arabic, Noto Naskh Arabic, Segoe UI, Tahoma, sans-serif";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    public static string Render(Bulletin bulletin)
    {
        var texts = BulletinTexts.In(bulletin.Language);
        var side = new Side(bulletin.Language == "ar");
        var lines = bulletin.Municipalities.Take(MostLines).ToList();
        var chart = bulletin.Tiles.Count == 0 ? 250 : 420;
        var height = chart + (lines.Count == 0 ? 40 : 60 + (lines.Count * 52)) + 90;
        var svg = new StringBuilder(8192);
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" role=\"img\" lang=\"{bulletin.Language}\" font-family=\"{Fonts}\" direction=\"{(side.FromRight ? "rtl" : "ltr")}\"><title>{E(bulletin.Title)} – {E(bulletin.PeriodName)}</title><desc>{E(string.Join(' ', bulletin.Sentences))}</desc>"));
        svg.Append(Invariant($"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/><rect width=\"{Width}\" height=\"14\" fill=\"#0b6b4f\"/>"));
        Text(svg, side.X(0), 90, 44, "#0b6b4f", bulletin.Title, bold: true);
        Text(svg, side.X(0), 140, 28, "#16211d", bulletin.City, bold: true);
        Text(svg, side.X(0), 184, 26, "#5a6963", bulletin.PeriodName);
        Text(svg, side.X(0), 220, 22, "#5a6963", bulletin.Gregorian);
        Tiles(svg, side, bulletin.Tiles);
        if (lines.Count > 0)
        {
            Chart(svg, side, lines, texts, chart);
        }

        Text(svg, side.X(0), height - 56, 20, "#5a6963", bulletin.AsOf);
        Text(svg, side.X(0), height - 26, 20, "#5a6963", bulletin.Note);
        return svg.Append("</svg>").ToString();
    }

    private static void Tiles(StringBuilder svg, Side side, IReadOnlyList<BulletinTile> tiles)
    {
        var width = tiles.Count == 0 ? 0 : (Width - (2 * Margin) - ((tiles.Count - 1) * 16)) / tiles.Count;
        for (var i = 0; i < tiles.Count; i++)
        {
            var at = i * (width + 16);
            svg.Append(Invariant($"<rect x=\"{side.Left(at, width)}\" y=\"256\" width=\"{width}\" height=\"130\" rx=\"12\" fill=\"#dcebe4\"/>"));
            Text(svg, side.X(at + 20), 320, 46, "#0b6b4f", tiles[i].Value, bold: true);
            Text(svg, side.X(at + 20), 364, 20, "#5a6963", tiles[i].Label);
        }
    }

    private static void Chart(StringBuilder svg, Side side, List<BulletinLine> lines, BulletinTexts texts, int top)
    {
        const int Names = 400;
        const int Bars = Width - (2 * Margin) - Names - 110;
        Text(svg, side.X(0), top + 28, 26, "#16211d", texts["chart"], bold: true);
        var most = lines.Max(line => line.Received);
        for (var i = 0; i < lines.Count; i++)
        {
            var y = top + 60 + (i * 52);
            var length = Math.Max(4, Bars * lines[i].Received / most);
            Text(svg, side.X(0), y + 26, 24, "#16211d", lines[i].Name);
            svg.Append(Invariant($"<rect x=\"{side.Left(Names, length)}\" y=\"{y}\" width=\"{length}\" height=\"34\" rx=\"6\" fill=\"#0b6b4f\"/>"));
            Text(svg, side.X(Names + length + 14), y + 26, 24, "#16211d", texts.Number(lines[i].Received));
        }
    }

    // "start" follows the direction: in Arabic a text grows from its right end.
    private static void Text(StringBuilder svg, int x, int y, int size, string colour, string text, bool bold = false) =>
        svg.Append(Invariant($"<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{colour}\" text-anchor=\"start\"{(bold ? " font-weight=\"700\"" : "")}>{E(text)}</text>"));

    private static string E(string text) => Encoder.Encode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>From which side the language begins.</summary>
    private sealed record Side(bool FromRight)
    {
        /// <summary>The place so far from the side on which one begins to read.</summary>
        public int X(int distance) => FromRight ? Width - Margin - distance : Margin + distance;

        /// <summary>The left edge of something so wide.</summary>
        public int Left(int distance, int width) => FromRight ? Width - Margin - distance - width : Margin + distance;
    }
}
