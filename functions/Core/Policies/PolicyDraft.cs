using Serverless940.Core.Escalation;
using Serverless940.Core.Text;
using Serverless940.Core.Time;

namespace Serverless940.Core.Policies;

/// <summary>What the files say, section by section, before it is known to fit together.</summary>
internal sealed class PolicyDraft
{
    public Section<City> City { get; } = new("city");

    public Section<Municipality> Municipalities { get; } = new("municipalities");

    public Section<Department> Departments { get; } = new("departments");

    public Section<Team> Teams { get; } = new("teams");

    public Section<LocalizedText> Groups { get; } = new("groups");

    public Section<Category> Categories { get; } = new("categories");

    public Section<Ladder> Ladders { get; } = new("ladders");

    public Section<WorkingCalendar?> Calendars { get; } = new("calendars");

    public Section<Agency> Agencies { get; } = new("agencies");

    public Section<IntakeRules> Intake { get; } = new("intake");

    public Section<SurveyRules> Survey { get; } = new("survey");

    public Section<ClassificationRules> Classification { get; } = new("classification");

    public List<Entry<Vocabulary>> Vocabulary { get; } = [];

    public Section<PhoneRules> Phone { get; } = new("phone");

    public Section<InformationTopic> Information { get; } = new("information");
}

/// <summary>The entries of one section, over all files.</summary>
internal sealed class Section<T>(string name)
{
    private readonly Dictionary<string, Entry<T>> _byId = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public IReadOnlyCollection<Entry<T>> Entries => _byId.Values;

    public IEnumerable<KeyValuePair<string, T>> Values => _byId.Select(pair => new KeyValuePair<string, T>(pair.Key, pair.Value.Value));

    public bool Has(string id) => _byId.ContainsKey(id);

    public T? Find(string id) => _byId.TryGetValue(id, out var entry) ? entry.Value : default;

    /// <summary>Takes an entry in; the second of the same id is refused.</summary>
    public void Add(string id, T value, PolicyNode node, PolicyErrors errors)
    {
        if (id.Length > 0 && !_byId.TryAdd(id, new Entry<T>(value, node)))
        {
            var first = _byId[id].Node;
            var (line, _) = first.Source.At(first.Offset);
            errors.Add(
                node.Member("id") ?? node.Member("code") ?? node,
                PolicyScope.Invariant($"duplicate in {Name}: '{id}' is already at {first.Source.Name}:{line}"));
        }
    }
}

/// <summary>A value and the object it was read from.</summary>
internal sealed record Entry<T>(T Value, PolicyNode Node);

/// <summary>Further terms of a category.</summary>
internal sealed record Vocabulary(string Category, IReadOnlyList<CategoryTerm> Terms);
