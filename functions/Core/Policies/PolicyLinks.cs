using NetTopologySuite.Geometries.Prepared;

namespace Serverless940.Core.Policies;

/// <summary>Checks what only shows when all files are read: references, tie rules, that nobody's report falls silent.</summary>
internal static class PolicyLinks
{
    private const string EmergencyLadderId = "emergency";

    public static void Check(PolicyDraft draft, PolicyErrors errors)
    {
        Places(draft, errors);
        Teams(draft, errors);
        Categories(draft, errors);
        KeypadDigits(draft, errors);
        LadderContacts(draft, errors);
        Intake(draft, errors);
        EmergencyLadder(draft, errors);
        Area(draft, errors);
        Phone(draft, errors);
    }

    private static void Places(PolicyDraft draft, PolicyErrors errors)
    {
        foreach (var city in draft.City.Entries)
        {
            Known(city.Node, "calendar", city.Value.Calendar, draft.Calendars, errors);
            foreach (var role in (string[])[PolicyRoles.Amin, PolicyRoles.Dispatcher])
            {
                if (city.Value.Contacts.All(c => c.Role != role))
                {
                    errors.Add(city.Node.Member("contacts") ?? city.Node, $"the city has no contact with the role '{role}'");
                }
            }
        }

        foreach (var municipality in draft.Municipalities.Entries)
        {
            Known(municipality.Node, "referTo", municipality.Value.ReferTo, draft.Agencies, errors);
        }

        foreach (var department in draft.Departments.Entries)
        {
            Known(department.Node, "calendar", department.Value.Calendar, draft.Calendars, errors);
        }
    }

    private static void Teams(PolicyDraft draft, PolicyErrors errors)
    {
        foreach (var team in draft.Teams.Entries)
        {
            Known(team.Node, "department", team.Value.Department, draft.Departments, errors);
            Known(team.Node, "municipality", team.Value.Municipality, draft.Municipalities, errors);
            Known(team.Node, "calendar", team.Value.Calendar, draft.Calendars, errors);
            if (team.Value.Municipality is { } id && draft.Municipalities.Find(id) is { ReferTo: not null })
            {
                errors.Add(team.Node.Member("municipality")!, $"the municipality '{id}' is referred to an agency; a team of ours has no work there");
            }
        }
    }

    private static void Categories(PolicyDraft draft, PolicyErrors errors)
    {
        foreach (var words in draft.Vocabulary)
        {
            Known(words.Node, "category", words.Value.Category, draft.Categories, errors);
        }

        foreach (var category in draft.Categories.Entries)
        {
            var (value, node) = (category.Value, category.Node);
            Known(node, "department", value.Department, draft.Departments, errors);
            Known(node, "ladder", value.Ladder, draft.Ladders, errors);
            Known(node, "agency", value.Agency, draft.Agencies, errors);
            var group = RuleSections.GroupOf(value.Code);
            if (value.Code.Length > 0 && !draft.Groups.Has(group))
            {
                errors.Add(node.Member("code")!, $"unknown group '{group}': it is in no file's 'groups'");
            }

            if (value.Priority == Priority.Emergency && draft.Ladders.Find(value.Ladder) is { RealTime: false })
            {
                errors.Add(node.Member("ladder")!, $"an emergency counts real time, the ladder '{value.Ladder}' counts working time");
            }
        }
    }

    private static void KeypadDigits(PolicyDraft draft, PolicyErrors errors)
    {
        var taken = new Dictionary<int, string>();
        foreach (var category in draft.Categories.Entries)
        {
            if (category.Value.KeypadDigit is { } digit && !taken.TryAdd(digit, category.Value.Code))
            {
                errors.Add(category.Node.Member("keypadDigit")!, PolicyScope.Invariant($"the key {digit} already means '{taken[digit]}'"));
            }
        }
    }

    /// <summary>Every role of a ladder has somebody, wherever a category that uses it can be reported.</summary>
    private static void LadderContacts(PolicyDraft draft, PolicyErrors errors)
    {
        var city = draft.City.Find("city")?.Contacts ?? [];
        foreach (var category in draft.Categories.Entries)
        {
            foreach (var role in draft.Ladders.Find(category.Value.Ladder)?.Steps.Select(s => s.Role).Distinct() ?? [])
            {
                if (city.Any(c => c.Role == role))
                {
                    continue;
                }

                var id = category.Value.Department;
                if (id is not null && draft.Departments.Find(id) is { } department && department.Contacts.Any(c => c.Role == role))
                {
                    continue;
                }

                // Only municipalities can still answer: each of ours must.
                var silent = draft.Municipalities.Entries
                    .FirstOrDefault(m => m.Value.ReferTo is null && m.Value.Contacts.All(c => c.Role != role));
                if (silent is not null || draft.Municipalities.Entries.Count == 0)
                {
                    var where = role == PolicyRoles.MunicipalityHead && silent is not null ? silent.Node : category.Node.Member("ladder")!;
                    errors.Add(where, role == PolicyRoles.MunicipalityHead && silent is not null
                        ? $"no contact for the role '{role}', which the ladder '{category.Value.Ladder}' uses"
                        : $"no contact for the role '{role}' of the ladder '{category.Value.Ladder}'" + (id is null ? "" : $" in the department '{id}'"));
                }
            }
        }
    }

    private static void Intake(PolicyDraft draft, PolicyErrors errors)
    {
        foreach (var intake in draft.Intake.Entries)
        {
            var (value, node) = (intake.Value, intake.Node);
            Known(node, "defaultCategory", value.DefaultCategory.Length == 0 ? null : value.DefaultCategory, draft.Categories, errors);
            if (draft.Categories.Find(value.DefaultCategory) is { Department: null })
            {
                errors.Add(node.Member("defaultCategory")!, $"the default category '{value.DefaultCategory}' has no department: nobody would decide");
            }
        }
    }

    /// <summary>A hazard raises any report to an emergency, whatever its category's own ladder.</summary>
    private static void EmergencyLadder(PolicyDraft draft, PolicyErrors errors)
    {
        foreach (var ladder in draft.Ladders.Entries.Where(l => l.Value is { Id: EmergencyLadderId, RealTime: false }))
        {
            errors.Add(ladder.Node.Member("realTime") ?? ladder.Node, "the ladder 'emergency' must count real time");
        }

        if (draft.Ladders.Entries.FirstOrDefault() is { } first && !draft.Ladders.Has(EmergencyLadderId))
        {
            errors.Add(first.Node, "there is no ladder 'emergency', for reports that a hazard raises to one");
        }
    }

    private static void Area(PolicyDraft draft, PolicyErrors errors)
    {
        if (draft.City.Find("city")?.Area is not { } area)
        {
            return;
        }

        var prepared = PreparedGeometryFactory.Prepare(area);
        foreach (var municipality in draft.Municipalities.Entries)
        {
            if (municipality.Value.Boundary is { } boundary && !prepared.Covers(boundary))
            {
                var outside = boundary.Coordinates.FirstOrDefault(c => !prepared.Covers(area.Factory.CreatePoint(c)));
                errors.Add(municipality.Node.Member("boundary")!, outside is null
                    ? "the boundary leaves the served area of the city between two of its positions"
                    : PolicyScope.Invariant($"the boundary leaves the served area of the city at longitude {outside.X:0.######}, latitude {outside.Y:0.######}"));
            }
        }
    }

    private static void Phone(PolicyDraft draft, PolicyErrors errors)
    {
        foreach (var phone in draft.Phone.Entries)
        {
            Known(phone.Node, "agentCalendar", phone.Value.AgentCalendar, draft.Calendars, errors);
            if (phone.Value.CallsUntil <= phone.Value.CallsFrom)
            {
                errors.Add(phone.Node.Member("callsUntil") ?? phone.Node, "the hours for calls end before they begin");
            }
        }

        var taken = new Dictionary<int, string>();
        foreach (var topic in draft.Information.Entries)
        {
            if (!taken.TryAdd(topic.Value.KeypadDigit, topic.Value.Id))
            {
                errors.Add(topic.Node.Member("keypadDigit")!, PolicyScope.Invariant($"the key {topic.Value.KeypadDigit} already means '{taken[topic.Value.KeypadDigit]}'"));
            }
        }
    }

    private static void Known<T>(PolicyNode node, string member, string? id, Section<T> section, PolicyErrors errors)
    {
        if (id is { Length: > 0 } && !section.Has(id))
        {
            errors.Add(node.Member(member)!, $"unknown reference: '{id}' is not in {section.Name}");
        }
    }
}
