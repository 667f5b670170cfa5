namespace Serverless940.Core.Insights;

/// <summary>
/// What strangers may see: no group so small that a citizen could be found in it. Small groups are told together as one;
/// when that one were small itself, or a single group alone, the next smallest joins it, so that no subtraction from the
/// whole brings it back. Of what is told, a count under the limit is left out, and so is every figure on few answers.
/// </summary>
public static class Suppression
{
    /// <summary>Fewest reports, or answers, that are told.</summary>
    public const int Fewest = 5;

    /// <summary>Key under which small groups are told together.</summary>
    public const string Others = "others";

    /// <summary>Which groups are told under which key.</summary>
    /// <param name="sizes">Received reports by group, of every period that is told.</param>
    public static IReadOnlyDictionary<string, string> Fold(IReadOnlyDictionary<string, int> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        var rising = sizes.Where(pair => pair.Value > 0).OrderBy(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var folded = rising.TakeWhile(pair => pair.Value < Fewest).ToList();
        while (folded.Count > 0 && folded.Count < rising.Count && (folded.Count == 1 || folded.Sum(pair => pair.Value) < Fewest))
        {
            folded.Add(rising[folded.Count]);
        }

        var others = folded.Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        return sizes.Keys.ToDictionary(key => key, key => others.Contains(key) || sizes[key] == 0 ? Others : key, StringComparer.Ordinal);
    }

    /// <summary>A count that may be told; <see langword="null"/> for one that may not.</summary>
    public static int? Told(int count) => count is > 0 and < Fewest ? null : count;
}
