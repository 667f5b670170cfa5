using System.Globalization;
using System.Text.RegularExpressions;
using Serverless940.Core.Geo;
using Serverless940.Core.Text;

namespace Serverless940.Core.Channels;

/// <summary>A place that a citizen wrote rather than pinned.</summary>
/// <param name="Point">Coordinates of a shared map link, or written out.</param>
/// <param name="NationalAddress">Short code, normalised.</param>
/// <param name="ShortMapLink">A map link whose coordinates only its owner knows.</param>
/// <param name="Rest">The other words, or <see langword="null"/>.</param>
internal sealed partial record PlaceInText(GeoPoint? Point, string? NationalAddress, string? ShortMapLink, string? Rest)
{
    /// <summary>Finds what of a place is in a text: map links (Google, Apple, geo:), a pair of decimals, a National Address code.</summary>
    public static PlaceInText Find(string text)
    {
        GeoPoint? point = null;
        string? shortLink = null;
        var rest = Link().Replace(text, match =>
        {
            var link = match.Value;
            if (PointOf(link) is { } found)
            {
                point ??= found;
                return " ";
            }

            if (IsMap(link))
            {
                shortLink ??= link;
                return " ";
            }

            return link;
        });

        if (point is null)
        {
            var western = Digits.ToWestern(rest).Replace('٫', '.').Replace('،', ',');

            // The same length as before, but for digits outside of the basic plane: then it is left as it is.
            if (western.Length == rest.Length && Pair().Match(western) is { Success: true } pair)
            {
                point = Parse(pair.Groups[1].ValueSpan, pair.Groups[2].ValueSpan);
                rest = point is null ? rest : rest.Remove(pair.Index, pair.Length);
            }
        }

        string? code = null;
        if (Code().Match(Digits.ToWestern(rest)) is { Success: true } written && Geo.NationalAddress.TryNormalize(written.Value, out var normal))
        {
            code = normal;
        }
        else if (Geo.NationalAddress.TryNormalize(rest, out normal))
        {
            code = normal;
        }

        var left = code is null ? rest : Code().Replace(Digits.ToWestern(rest), " ");
        left = left.Trim(' ', '\n', '\t', ',', '،', '.', ':');
        return new PlaceInText(point, code, shortLink, left.Length == 0 || Geo.NationalAddress.TryNormalize(left, out _) ? null : left);
    }

    private static GeoPoint? PointOf(string link)
    {
        var plain = link.Replace("%2C", ",", StringComparison.OrdinalIgnoreCase).Replace("%20", "+", StringComparison.Ordinal);

        // The pin itself before the named parameter, and that before the middle of the screen.
        foreach (var pattern in (ReadOnlySpan<Regex>)[Pin(), Parameter(), Middle()])
        {
            if (pattern.Match(plain) is { Success: true } match && Parse(match.Groups[1].ValueSpan, match.Groups[2].ValueSpan) is { } point)
            {
                return point;
            }
        }

        return null;
    }

    private static bool IsMap(string link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Host is var host
        && (host is "maps.app.goo.gl" or "maps.apple.com" or "maps.apple" or "waze.com" or "www.waze.com" or "ul.waze.com"
            || (host is "goo.gl" or "g.co" && uri.AbsolutePath.StartsWith("/maps", StringComparison.Ordinal))
            || host.StartsWith("maps.google.", StringComparison.Ordinal)
            || (host.Contains("google.", StringComparison.Ordinal) && uri.AbsolutePath.StartsWith("/maps", StringComparison.Ordinal)));

    private static GeoPoint? Parse(ReadOnlySpan<char> lat, ReadOnlySpan<char> lon) =>
        double.TryParse(lat, NumberStyles.Float, CultureInfo.InvariantCulture, out var north)
        && double.TryParse(lon, NumberStyles.Float, CultureInfo.InvariantCulture, out var east)
        && new GeoPoint(north, east) is { IsValid: true } point ? point : null;

    [GeneratedRegex(@"(?:https?://|geo:)[^\s<>""]+", RegexOptions.IgnoreCase)]
    private static partial Regex Link();

    [GeneratedRegex(@"!3d(-?\d{1,2}(?:\.\d{1,15})?)!4d(-?\d{1,3}(?:\.\d{1,15})?)")]
    private static partial Regex Pin();

    [GeneratedRegex(@"(?:[?&](?:q|query|ll|sll|coordinate|destination|daddr|center|cp)=(?:loc:)?|/(?:search|place|dir)/|^geo:)\+*(-?\d{1,2}\.\d{1,15}),\+*(-?\d{1,3}\.\d{1,15})", RegexOptions.IgnoreCase)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"@(-?\d{1,2}\.\d{1,15}),(-?\d{1,3}\.\d{1,15})")]
    private static partial Regex Middle();

    // Three decimals at least: "2.5, 3.5" is a size, not a place.
    [GeneratedRegex(@"(?<![\d.])(-?\d{1,2}\.\d{3,15})\s*[,\s]\s*(-?\d{1,3}\.\d{3,15})(?![\d.])")]
    private static partial Regex Pair();

    // With a space only in capitals: "road 2919" is a road.
    [GeneratedRegex(@"(?<![A-Za-z0-9])(?:[A-Za-z]{4}\d{4}|[A-Z]{4}[ -]\d{4})(?![A-Za-z0-9])")]
    private static partial Regex Code();
}
