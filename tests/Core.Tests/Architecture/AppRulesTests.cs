using System.Text.RegularExpressions;
using System.Xml.Linq;
using Serverless940.Core.Escalation;
using Serverless940.Core.Messages;

namespace Serverless940.Core.Tests.Architecture;

/// <summary>Rules of the Function App, read from its sources: it is built in two ways, and they hold for both.</summary>
public sealed partial class AppRulesTests
{
    private static readonly (string Path, string Text)[] s_app = [.. Repository.Sources("functions/App")];

    /// <summary>A folder of the app with code in it is a feature, but for the platform that all stand on.</summary>
    private static readonly string[] s_features =
        [.. s_app.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal) && file.Path.Contains('/', StringComparison.Ordinal)).Select(file => file.Path.Split('/')[0]).Distinct().Where(folder => folder != "Platform")];

    [Fact]
    public void No_feature_reaches_into_another_ones_folder()
    {
        Assert.Superset(new HashSet<string> { "Reports", "Escalation", "Notifications", "Photos", "Staff" }, s_features.ToHashSet());
        Assert.Empty(Code().SelectMany(file => Strangers(file.Path, file.Text)));
    }

    [Theory]
    [InlineData("Staff/A.cs", "using Serverless940.Functions.Reports;\nnamespace Serverless940.Functions.Staff;", 1)]
    [InlineData("Staff/A.cs", "namespace Serverless940.Functions.Staff; class A { Reports.ReportStore store; }", 1)]
    [InlineData("Staff/A.cs", "using static Serverless940.Functions.Photos.MediaStore;\nnamespace Serverless940.Functions.Staff;", 1)]
    [InlineData("Staff/A.cs", "namespace Serverless940.Functions.Reports;", 1)]
    [InlineData("Platform/A.cs", "using Serverless940.Functions.Reports;\nnamespace Serverless940.Functions.Platform;", 1)]
    [InlineData("Staff/A.cs", "using Serverless940.Functions.Platform;\nusing Serverless940.Core.Reports;\nnamespace Serverless940.Functions.Staff; // Reports.X\nclass A { string s = \"Reports.X\" + Names.Tables.Reports; }", 0)]
    [InlineData("Startup.cs", "using Serverless940.Functions.Reports;\nnamespace Serverless940.Functions;", 0)]
    public void The_scan_for_strangers_sees_them(string path, string text, int found) => Assert.Equal(found, Strangers(path, text).Count());

    [Fact]
    public void Every_query_names_its_partition()
    {
        Assert.Contains(s_app, file => file.Text.Contains("CreateQueryFilter", StringComparison.Ordinal));
        Assert.Empty(Code().SelectMany(file => Scans(file.Path, file.Text)));
    }

    [Theory]
    [InlineData("""var f = TableClient.CreateQueryFilter($"PartitionKey eq {a} and RowKey gt {b}"); t.QueryAsync<X>(f, cancellationToken: c);""", 0)]
    [InlineData("var f = TableClient.CreateQueryFilter(\n    $\"PartitionKey eq {a} and (RowKey eq {b} or RowKey eq {F(c)})\"); t.Query<X>(f);", 0)]
    [InlineData("""var f = TableClient.CreateQueryFilter($"PartitionKey eq {a} and RowKey eq {b} or RowKey eq {c}"); t.QueryAsync<X>(f);""", 1)]
    [InlineData("""var f = TableClient.CreateQueryFilter($"RowKey gt {b}"); t.QueryAsync<X>(f);""", 1)]
    [InlineData("""var f = TableClient.CreateQueryFilter($"PartitionKey ge {a}"); t.QueryAsync<X>(f);""", 1)]
    [InlineData("""var f = TableClient.CreateQueryFilter($"PartitionKey eq {a} or RowKey eq {b}"); t.QueryAsync<X>(f);""", 1)]
    [InlineData("""t.QueryAsync<X>();""", 1)]
    [InlineData("""t.QueryAsync<X>(cancellationToken: c);""", 1)]
    [InlineData("""t.QueryAsync<X>(row => row.Number == 1);""", 1)]
    [InlineData("""t.QueryAsync<X>("RowKey gt 'a'");""", 1)]
    [InlineData("""t.QueryAsync<X>(filter: given);""", 1)]
    public void The_scan_for_queries_sees_those_without_a_partition(string text, int found) => Assert.Equal(found, Scans("A.cs", text).Count());

    [Fact]
    public void No_source_knows_on_which_kind_of_machine_it_runs()
    {
        var sources = Repository.Sources("functions").Where(file => !file.Path.EndsWith(".csproj", StringComparison.Ordinal)).ToList();

        Assert.True(sources.Count > 100);
        Assert.Empty(sources.SelectMany(file => Switches(file.Path, file.Text)));
    }

    [Theory]
    [InlineData("#if DEBUG", 1)]
    [InlineData("  #elif X", 1)]
    [InlineData("path = \"../local/Tables\"", 1)]
    [InlineData("using Serverless940.Local;", 1)]
    [InlineData("app.MapGet(\"/local/clock\")", 1)]
    [InlineData("new(\"local.settings.json\")", 0)]
    public void The_scan_for_switches_sees_them(string text, int found) => Assert.Equal(found, Switches("A.cs", text).Count());

    [Fact]
    public void The_project_file_names_the_stand_ins_only_behind_the_switch()
    {
        var text = s_app.Single(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)).Text;
        var groups = XDocument.Parse(text).Root!.Elements("ItemGroup").Where(group => group.ToString().Contains("local/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(groups);
        Assert.All(groups, group => Assert.Equal("'$(AzureSdk)' != 'true'", group.Attribute("Condition")?.Value));
        Assert.DoesNotContain("local/", Repository.Sources("functions/Core").Single(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_due_index_hears_of_every_event_that_sets_a_clock()
    {
        var projection = s_app.Single(file => file.Path == "Escalation/DueProjection.cs").Text;
        var setting = typeof(ReportEvent).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ReportEvent)) && type.GetProperties().Any(property => property.PropertyType == typeof(EscalationState)))
            .Select(type => type.Name)
            .ToList();

        Assert.True(setting.Count > 8);
        Assert.All(setting, name => Assert.Matches($@"\b(is|or) {name}\b", projection));
    }

    private static IEnumerable<(string Path, string Text)> Code() => s_app.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal));

    private static IEnumerable<string> Strangers(string path, string text)
    {
        if (!path.Contains('/', StringComparison.Ordinal))
        {
            return []; // the start knows everybody, to put them together
        }

        var own = path.Split('/')[0];
        var code = Bare(text);
        return s_features.Where(feature => feature != own && (
                Regex.IsMatch(code, $@"\bServerless940\.Functions\.{feature}\b")
                || Regex.IsMatch(code, $@"(?<![\w.])(Functions\.)?{feature}\.[A-Z]")))
            .Select(feature => $"{path} uses {feature}");
    }

    private static IEnumerable<string> Scans(string path, string text)
    {
        var bad = Filters().Matches(text).Where(filter => !HasPartition(text[filter.Index..])).Select(filter => $"{path}: {text[filter.Index..][..Math.Min(90, text.Length - filter.Index)]}");
        var unknown = Queries().Matches(text)
            .Where(query => !Regex.IsMatch(text, $@"\b{Regex.Escape(query.Groups["filter"].Value)} = TableClient\.CreateQueryFilter\(") || query.Groups["filter"].Length == 0)
            .Select(query => $"{path}: {query.Value} has no filter made here");
        return bad.Concat(unknown);
    }

    // An "or" outside of brackets would leave the partition again.
    private static bool HasPartition(string call)
    {
        var condition = Partitioned().Match(call);
        var rest = condition.Groups["rest"].Value;
        for (var shorter = Brackets().Replace(rest, ""); shorter != rest; shorter = Brackets().Replace(rest, ""))
        {
            rest = shorter;
        }

        return condition.Success && !rest.Contains(" or ", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Switches(string path, string text) => Switch().Matches(text).Select(match => $"{path}: {match.Value}");

    // Without comments and texts, which may say anything.
    private static string Bare(string text) => Texts().Replace(Comments().Replace(text, ""), "\"\"");

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex("\"(?:\\\\.|[^\"\\\\\n])*\"")]
    private static partial Regex Texts();

    [GeneratedRegex(@"CreateQueryFilter\b(?!\()|CreateQueryFilter(<|\()")]
    private static partial Regex Filters();

    [GeneratedRegex("\\ACreateQueryFilter\\(\\s*\\$\"PartitionKey eq \\{[^}]+\\}(?<rest>| and [^\"]*)\"")]
    private static partial Regex Partitioned();

    [GeneratedRegex(@"\([^()]*\)")]
    private static partial Regex Brackets();

    [GeneratedRegex(@"\.Query(Async)?(<[^>]*>)?\(\s*(?<filter>[a-z]\w*(?=\s*[,)]))?")]
    private static partial Regex Queries();

    [GeneratedRegex(@"^\s*#(if|elif|else)\b|\blocal/|Serverless940\.Local\b", RegexOptions.Multiline)]
    private static partial Regex Switch();
}
