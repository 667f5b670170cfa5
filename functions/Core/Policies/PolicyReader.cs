using System.Collections.Frozen;
using Serverless940.Core.Text;

namespace Serverless940.Core.Policies;

/// <summary>
/// Reads a policy from its files and refuses what does not fit together, naming file, line and reason of every error
/// at once. The sections may be spread over the files in any way; lists are joined.
/// </summary>
public static class PolicyReader
{
    /// <summary>The format that this reader understands: the member <c>format</c> of every file.</summary>
    public const int Format = 1;

    public static PolicyResult Read(IReadOnlyList<PolicyFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var errors = new PolicyErrors();
        var draft = new PolicyDraft();
        var roots = new List<PolicyNode>();
        var sources = files.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => new PolicySource(f.Name, WithoutMark(f.Utf8))).ToList();
        foreach (var source in sources)
        {
            if (PolicyJson.Parse(source, errors) is { } root)
            {
                roots.Add(root);
                ReadFile(new PolicyScope(root, errors), draft);
            }
        }

        if (sources.Count == 0)
        {
            errors.Add(new PolicySource("(no file)", default), 0, "$", "the policy has no file");
        }
        else if (roots.Count == sources.Count)
        {
            // With a file missing, every reference into it would look wrong: first things first.
            FindMissingSections(draft, sources[0], errors);
            PolicyLinks.Check(draft, errors);
        }

        return errors.Result(errors.Count == 0 ? Build(draft, PolicyVersion.Of(roots)) : null);
    }

    private static void ReadFile(PolicyScope file, PolicyDraft draft)
    {
        if (!file.IsObject)
        {
            return;
        }

        file.Optional("$schema", NodeKind.Text);
        file.Whole("format", Format, Format);
        ReadOne(file, draft.City, PlaceSections.City);
        ReadOne(file, draft.Intake, RuleSections.Intake);
        ReadOne(file, draft.Survey, RuleSections.Survey);
        ReadOne(file, draft.Classification, WordSections.Rules);
        ReadOne(file, draft.Phone, PhoneSections.Phone);
        ReadEach(file, draft.Municipalities, scope => (scope.Id("id"), PlaceSections.Municipality(scope)));
        ReadEach(file, draft.Departments, scope => (scope.Id("id"), PlaceSections.Department(scope)));
        ReadEach(file, draft.Teams, scope => (scope.Id("id"), PlaceSections.Team(scope)));
        ReadEach(file, draft.Groups, scope => (scope.Id("id"), Words(scope)));
        ReadEach(file, draft.Categories, RuleSections.Category);
        ReadEach(file, draft.Ladders, scope => (scope.Id("id"), RuleSections.Ladder(scope)));
        ReadEach(file, draft.Calendars, CalendarReader.Read);
        ReadEach(file, draft.Agencies, scope => (scope.Id("id"), RuleSections.Agency(scope)));
        draft.Vocabulary.AddRange(file.Each("vocabulary", needed: false).Select(scope => new Entry<Vocabulary>(WordSections.Vocabulary(scope), scope.Node)));
        ReadEach(file, draft.Information, scope => (scope.Id("id"), PhoneSections.Topic(scope)));
        file.Done();
    }

    private static void ReadOne<T>(PolicyScope file, Section<T> section, Func<PolicyScope, T> read)
    {
        if (file.Optional(section.Name, NodeKind.Object) is { } node)
        {
            section.Add(section.Name, read(new PolicyScope(node, file.Errors)), node, file.Errors);
        }
    }

    private static void ReadEach<T>(PolicyScope file, Section<T> section, Func<PolicyScope, (string Id, T Value)> read)
    {
        foreach (var scope in file.Each(section.Name, needed: false))
        {
            var (id, value) = read(scope);
            section.Add(id, value, scope.Node, file.Errors);
        }
    }

    private static LocalizedText Words(PolicyScope scope)
    {
        var words = scope.Words("name");
        scope.Done();
        return words;
    }

    private static void FindMissingSections(PolicyDraft draft, PolicySource first, PolicyErrors errors)
    {
        void Needed<T>(Section<T> section)
        {
            if (section.Entries.Count == 0)
            {
                errors.Add(first, 0, "$", $"no file has anything in '{section.Name}'");
            }
        }

        Needed(draft.City);
        Needed(draft.Municipalities);
        Needed(draft.Departments);
        Needed(draft.Categories);
        Needed(draft.Ladders);
        Needed(draft.Calendars);
        Needed(draft.Intake);
        Needed(draft.Survey);
    }

    private static Policy Build(PolicyDraft draft, string version) => new()
    {
        Version = version,
        City = draft.City.Find("city")!,
        Municipalities = draft.Municipalities.Values.ToFrozenDictionary(StringComparer.Ordinal),
        Departments = draft.Departments.Values.ToFrozenDictionary(StringComparer.Ordinal),
        Teams = draft.Teams.Values.ToFrozenDictionary(StringComparer.Ordinal),
        Categories = Categories(draft),
        Ladders = draft.Ladders.Values.ToFrozenDictionary(StringComparer.Ordinal),
        Calendars = draft.Calendars.Values.ToFrozenDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal),
        Agencies = draft.Agencies.Values.ToFrozenDictionary(StringComparer.Ordinal),
        Intake = draft.Intake.Find("intake")!,
        Survey = draft.Survey.Find("survey")!,
        Classification = draft.Classification.Find("classification") ?? ClassificationRules.None,
        Phone = draft.Phone.Find("phone"),
        Information = [.. draft.Information.Values.Select(pair => pair.Value).OrderBy(topic => topic.KeypadDigit)],
    };

    private static FrozenDictionary<string, Category> Categories(PolicyDraft draft)
    {
        var vocabulary = draft.Vocabulary.ToLookup(entry => entry.Value.Category, entry => entry.Value.Terms, StringComparer.Ordinal);
        return draft.Categories.Values.ToFrozenDictionary(
            pair => pair.Key,
            pair => pair.Value with
            {
                GroupName = draft.Groups.Find(RuleSections.GroupOf(pair.Key)),
                Terms = [.. pair.Value.Terms, .. vocabulary[pair.Key].SelectMany(terms => terms)],
            },
            StringComparer.Ordinal);
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> utf8) =>
        utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
}
