using Azure.Data.Tables;

namespace Serverless940.Functions.Platform.Storage;

/// <summary>Text longer than a table property may be (64 KB, 32 K letters), spread over numbered properties of one entity.</summary>
public static class LongText
{
    private const int Piece = 31_000;

    /// <summary>Letters that fit an entity beside its other properties (1 MB in all).</summary>
    public const int Limit = Piece * 15;

    /// <exception cref="ArgumentException">The text is over the limit.</exception>
    public static void Set(TableEntity entity, string name, string text)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > Limit)
        {
            throw new ArgumentException($"{name} has {text.Length} letters, more than an entity holds.", nameof(text));
        }

        var index = 0;
        for (var at = 0; at < text.Length || index == 0; at += Piece, index++)
        {
            entity[Name(name, index)] = text.Substring(at, Math.Min(Piece, text.Length - at));
        }
    }

    public static string? Get(TableEntity entity, string name)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var first = entity.GetString(Name(name, 0));
        if (first is null || !entity.ContainsKey(Name(name, 1)))
        {
            return first;
        }

        var pieces = new List<string> { first };
        for (var index = 1; entity.GetString(Name(name, index)) is { } piece; index++)
        {
            pieces.Add(piece);
        }

        return string.Concat(pieces);
    }

    private static string Name(string name, int index) => index == 0 ? name : name + index.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
