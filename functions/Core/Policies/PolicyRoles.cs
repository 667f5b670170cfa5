namespace Serverless940.Core.Policies;

/// <summary>Roles that a policy can name a contact for (المناصب).</summary>
public static class PolicyRoles
{
    /// <summary>Leads the field team.</summary>
    public const string TeamLead = "teamLead";

    /// <summary>Heads the department.</summary>
    public const string DepartmentHead = "departmentHead";

    /// <summary>Heads the municipality.</summary>
    public const string MunicipalityHead = "municipalityHead";

    /// <summary>The Amin's office, the top.</summary>
    public const string Amin = "amin";

    /// <summary>Decides what no rule could route.</summary>
    public const string Dispatcher = "dispatcher";

    /// <summary>The Satisfaction department, separate from those who work the reports.</summary>
    public const string Satisfaction = "satisfaction";

    /// <summary>The rungs that a ladder may use, from the ground up.</summary>
    public static IReadOnlyList<string> Ladder { get; } = [TeamLead, DepartmentHead, MunicipalityHead, Amin];
}

/// <summary>Finds who holds a role for a report.</summary>
public static class PolicyContacts
{
    /// <summary>
    /// Contacts of a role, nearest first: the team's own, else the department's, the municipality's, the city's. For a
    /// role of a ladder of the report's category it is never empty where the reader accepted the policy.
    /// </summary>
    public static IReadOnlyList<Contact> ContactsFor(
        this Policy policy, string role, string? municipality, string? department, string? team = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var levels = new[]
        {
            team is not null && policy.Teams.TryGetValue(team, out var t) ? t.Contacts : [],
            department is not null && policy.Departments.TryGetValue(department, out var d) ? d.Contacts : [],
            municipality is not null && policy.Municipalities.TryGetValue(municipality, out var m) ? m.Contacts : [],
            policy.City.Contacts,
        };
        return levels.Select(contacts => contacts.Where(c => c.Role == role).ToList()).FirstOrDefault(found => found.Count > 0) ?? [];
    }
}
