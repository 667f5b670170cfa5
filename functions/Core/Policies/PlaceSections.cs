using System.Text.RegularExpressions;
using Serverless940.Core.Text;

namespace Serverless940.Core.Policies;

/// <summary>Reads the city, its municipalities, departments and teams: who is where.</summary>
internal static partial class PlaceSections
{
    private static readonly Dictionary<string, string> s_cityRoles = Roles(
        PolicyRoles.Amin, PolicyRoles.Dispatcher, PolicyRoles.Satisfaction, PolicyRoles.MunicipalityHead, PolicyRoles.DepartmentHead, PolicyRoles.TeamLead);
    private static readonly Dictionary<string, string> s_municipalityRoles = Roles(PolicyRoles.MunicipalityHead);
    private static readonly Dictionary<string, string> s_departmentRoles = Roles(PolicyRoles.TeamLead, PolicyRoles.DepartmentHead);
    private static readonly Dictionary<string, string> s_teamRoles = Roles(PolicyRoles.TeamLead);

    public static City City(PolicyScope scope)
    {
        var area = scope.Required("area", NodeKind.Object);
        var city = new City(
            scope.Id("id"),
            scope.Words("name"),
            scope.Text("defaultLanguage", PolicyScope.LanguagePattern(), "a language in two or three small letters"),
            scope.Id("calendar"),
            Contacts(scope, s_cityRoles, needed: true),
            area is null ? null! : GeoJsonReader.Read(area, scope.Errors)!,
            scope.Number("nearestWithinMetres", 0, 100_000));
        scope.Done();
        return city;
    }

    public static Municipality Municipality(PolicyScope scope)
    {
        var boundary = scope.Optional("boundary", NodeKind.Object);
        var municipality = new Municipality(
            scope.Id("id"),
            scope.Words("name"),
            boundary is null ? null : GeoJsonReader.Read(boundary, scope.Errors),
            scope.Whole("rank", 1, 1000),
            scope.IdOrNull("referTo"),
            Contacts(scope, s_municipalityRoles, needed: false),
            Names(scope, "districts"),
            Names(scope, "towns"));
        scope.Done();
        return municipality;
    }

    public static Department Department(PolicyScope scope)
    {
        var department = new Department(
            scope.Id("id"), scope.Words("name"), Contacts(scope, s_departmentRoles, needed: true), scope.IdOrNull("calendar"));
        scope.Done();
        return department;
    }

    public static Team Team(PolicyScope scope)
    {
        var team = new Team(
            scope.Id("id"),
            scope.Words("name"),
            scope.Id("department"),
            scope.IdOrNull("municipality"),
            scope.IdOrNull("calendar"),
            scope.Whole("capacity", 1, 1000),
            Contacts(scope, s_teamRoles, needed: false));
        scope.Done();
        return team;
    }

    private static List<LocalizedText> Names(PolicyScope scope, string member)
    {
        var names = new List<LocalizedText>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in scope.Each(member, needed: false))
        {
            var words = scope.Words(name.Node, 100);
            if (!seen.Add(words.In("ar")))
            {
                scope.Errors.Add(name.Node, $"'{words.In("ar")}' is there twice");
            }

            names.Add(words);
        }

        return names;
    }

    private static List<Contact> Contacts(PolicyScope owner, Dictionary<string, string> roles, bool needed)
    {
        var contacts = new List<Contact>();
        foreach (var scope in owner.Each("contacts", needed))
        {
            var contact = new Contact(
                scope.Choice("role", roles),
                scope.Words("title"),
                scope.TextOrNull("email", EmailPattern(), "an e-mail address"),
                scope.TextOrNull("phone", PhonePattern(), "a phone in E.164, such as +966500000001"),
                scope.Text("language", PolicyScope.LanguagePattern(), "a language in two or three small letters"));
            scope.Done();
            if (scope.Node.Member("email") is null && scope.Node.Member("phone") is null)
            {
                scope.Errors.Add(scope.Node, "the contact has neither 'email' nor 'phone'");
            }

            contacts.Add(contact);
        }

        return contacts;
    }

    private static Dictionary<string, string> Roles(params string[] roles) => roles.ToDictionary(role => role);

    [GeneratedRegex("^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+\\z", RegexOptions.CultureInvariant)]
    public static partial Regex EmailPattern();

    [GeneratedRegex("^\\+(966[1-9][0-9]{8}|(?!966)[1-9][0-9]{7,14})\\z", RegexOptions.CultureInvariant)]
    public static partial Regex PhonePattern();
}
