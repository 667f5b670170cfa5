using Serverless940.Core.Policies;
using Serverless940.Core.Text;

namespace Serverless940.Core.Routing;

/// <summary>
/// Towns and districts by name. A district's name alone decides only when no other town has one of that name: 56 of
/// them repeat.
/// </summary>
internal sealed class PlaceNames
{
    private static readonly string[] s_roadBefore = ["شارع", "طريق", "street", "road", "highway", "st", "rd"];
    private static readonly string[] s_roadAfter = ["street", "st", "road", "rd", "highway", "hwy", "ave", "avenue", "bridge"];
    private static readonly string[] s_districtBefore = ["حي", "district", "ضاحيه", "مخطط"];
    private static readonly string[] s_districtAfter = ["district", "dist", "neighborhood", "neighbourhood", "suburb"];

    private readonly Dictionary<string, List<Name>> _byBareWords = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Municipality> _byId;

    /// <summary>How many words the longest name has that begins with a word: most words begin none.</summary>
    private readonly Dictionary<string, int> _longestFrom = new(StringComparer.Ordinal);

    public PlaceNames(Policy policy)
    {
        _byId = policy.Municipalities.Values.ToDictionary(m => m.Id, StringComparer.Ordinal);
        foreach (var municipality in policy.Municipalities.Values.OrderBy(m => m.Id, StringComparer.Ordinal))
        {
            foreach (var town in TownsOf(municipality))
            {
                Add(town, municipality, district: false);
            }

            foreach (var district in municipality.Districts)
            {
                Add(district, municipality, district: true);
            }
        }
    }

    /// <summary>What a text names.</summary>
    public Reading Read(string? text)
    {
        var words = PlaceWords.Cut(text);
        var towns = new List<Municipality>();
        var districts = new List<Mention>();
        var (road, marked) = (false, false);
        for (var i = 0; i < words.Count;)
        {
            var bare = words[i].Bare;
            var (length, names) = Longest(words, i);
            if (length == 0)
            {
                road = s_roadBefore.Contains(bare);
                marked = s_districtBefore.Contains(bare);
                i++;
                continue;
            }

            // A road is often called after where it leads: «طريق الدمام الخبر» lies in neither for certain.
            var next = i + length < words.Count && !words[i + length - 1].Ends ? words[i + length].Bare : "";
            if (!road && !s_roadAfter.Contains(next))
            {
                marked |= s_districtAfter.Contains(next);
                var whole = words[i].Starts && words[i + length - 1].Ends;
                var exact = Phrase(words, i, length, w => w.Full);
                foreach (var name in names)
                {
                    if (name.District)
                    {
                        districts.Add(new Mention(name, marked || whole, name.Full == exact));
                    }
                    else if (!towns.Contains(name.Municipality) && (name.Bare.Length > 3 || whole || name.Full == exact))
                    {
                        // «خبر» is news, «الخبر» the town.
                        towns.Add(name.Municipality);
                    }
                }

                marked = false;
            }

            road &= !words[i + length - 1].Ends;
            i += length;
        }

        return new Reading(towns, districts);
    }

    /// <summary>The municipalities that a caller's word for one can mean: an id, or a name.</summary>
    public IReadOnlyList<Municipality> Named(string? idOrName) =>
        string.IsNullOrWhiteSpace(idOrName) ? []
        : _byId.TryGetValue(idOrName.Trim(), out var byId) ? [byId]
        : Read(idOrName).Towns;

    /// <summary>The one municipality whose district is named; within <paramref name="towns"/> if there are any.</summary>
    public static (Municipality Municipality, string District)? District(Reading reading, IReadOnlyList<Municipality> towns)
    {
        foreach (var name in reading.Districts.GroupBy(m => m.Name.Bare))
        {
            // «عمود النور» is no district: without its town, a name must be marked as one or stand alone.
            var meant = name
                .Where(m => towns.Count > 0 ? towns.Contains(m.Name.Municipality) && (m.Sure || m.Exact) : m.Sure)
                .Select(m => m.Name).DistinctBy(n => n.Municipality.Id).ToList();
            if (meant.Count == 1)
            {
                return (meant[0].Municipality, meant[0].Text.In("ar"));
            }
        }

        return null;
    }

    private static IEnumerable<LocalizedText> TownsOf(Municipality municipality) => [municipality.Name, .. municipality.Towns ?? []];

    private static string Phrase(List<PlaceWord> words, int from, int length, Func<PlaceWord, string> form) =>
        string.Join(' ', words.Skip(from).Take(length).Select(form));

    private void Add(LocalizedText text, Municipality municipality, bool district)
    {
        foreach (var written in text.ByLanguage.Values.Distinct())
        {
            var words = PlaceWords.Cut(written);
            var bare = Phrase(words, 0, words.Count, w => w.Bare);
            if (bare.Length == 0)
            {
                continue;
            }

            _longestFrom[words[0].Bare] = Math.Max(_longestFrom.GetValueOrDefault(words[0].Bare), words.Count);
            if (!_byBareWords.TryGetValue(bare, out var names))
            {
                _byBareWords[bare] = names = [];
            }

            if (!names.Exists(n => n.Municipality == municipality && n.District == district))
            {
                names.Add(new Name(municipality, text, bare, Phrase(words, 0, words.Count, w => w.Full), district));
            }
        }
    }

    private (int Length, List<Name> Names) Longest(List<PlaceWord> words, int from) =>
        Longest(words, from, words[from].Bare) is { Length: > 0 } found ? found : Longest(words, from, words[from].Attached);

    private (int Length, List<Name> Names) Longest(List<PlaceWord> words, int from, string first)
    {
        for (var length = Math.Min(_longestFrom.GetValueOrDefault(first), words.Count - from); length > 0; length--)
        {
            var phrase = length == 1 ? first : first + " " + Phrase(words, from + 1, length - 1, w => w.Bare);
            if (_byBareWords.TryGetValue(phrase, out var names))
            {
                return (length, names);
            }
        }

        return (0, []);
    }

    internal sealed record Name(Municipality Municipality, LocalizedText Text, string Bare, string Full, bool District);

    /// <summary>A district's name in a text.</summary>
    /// <param name="Sure">Whether it is marked as a district or stands alone between commas.</param>
    /// <param name="Exact">Whether it has its article as the name has.</param>
    internal sealed record Mention(Name Name, bool Sure, bool Exact);

    internal sealed record Reading(IReadOnlyList<Municipality> Towns, IReadOnlyList<Mention> Districts);
}
