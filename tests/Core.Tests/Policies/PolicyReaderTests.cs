using System.Text;
using System.Text.Json.Nodes;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Tests.Policies;

public sealed class PolicyReaderTests
{
    [Theory]
    [InlineData("ladders.json", "\"patience\": \"PT7H\"", "\"patience\": \"soon\"", "must be an ISO 8601")]
    [InlineData("ladders.json", "\"repeatEvery\": \"PT14H\"", "\"repeatEvery\": \"P2D\"", "counts days")]
    [InlineData("categories.json", "\"keypadDigit\": 4", "\"keypadDigit\": 3", "the key 3 already means 'roads.pothole'")]
    [InlineData("categories.json", "\"code\": \"roads.marking\"", "\"code\": \"roads.pothole\"", "is already at categories.json:")]
    [InlineData("departments.json", "\"department\": \"roads\"", "\"department\": \"rodas\"", "unknown reference: 'rodas'")]
    [InlineData("calendars.json", "\"timeZone\": \"Asia/Riyadh\"", "\"timezone\": \"Asia/Riyadh\"", "unknown member 'timezone'")]
    [InlineData("municipalities.json", "[48.56, 28.52]", "[28.52, 48.56]", "longitude and latitude are swapped")]
    [InlineData("municipalities.json", "[50.06, 26.69]", "[50.19, 26.75]", "crosses itself")]
    [InlineData("agencies.json", "\"answerWithin\": \"P5D\"", "\"answerWithin\": \"P5D\",", "not valid JSON")]
    [InlineData("rules.json", "\"poorBelow\": 3,", "\"poorBelow\": 3, // so", "not valid JSON")]
    public void An_error_is_at_its_line(string file, string right, string wrong, string reason)
    {
        var (files, line) = With(file, right, wrong);

        var result = PolicyReader.Read(files);

        Assert.Null(result.Policy);
        var error = Assert.Single(result.Errors, e => e.Reason.Contains(reason, StringComparison.Ordinal));
        Assert.Equal(file, error.File);
        Assert.InRange(error.Line, line, line + 1); // a comma too many shows at what follows it
        Assert.True(error.Column > 0);
    }

    [Fact]
    public void A_column_counts_characters_and_not_bytes()
    {
        var (files, line) = With("city.json", "\"en\": \"Eastern Province Amana\"", "\"en\": 7");
        var text = Encoding.UTF8.GetString(files.Single(f => f.Name == "city.json").Utf8.Span).Split('\n')[line - 1];

        var error = Assert.Single(PolicyReader.Read(files).Errors);

        Assert.Equal((line, text.IndexOf('7', StringComparison.Ordinal) + 1), (error.Line, error.Column));
        Assert.Equal("$.city.name.en", error.Path);
        Assert.Equal("this is a number and must be a string", error.Reason);
    }

    [Fact]
    public void All_errors_of_all_files_are_told_at_once_in_order()
    {
        var (files, _) = With("ladders.json", "\"patience\": \"PT30M\"", "\"patience\": \"30\"");
        (files, _) = With("agencies.json", "\"phone\": \"911\"", "\"phone\": 911", files);
        (files, _) = With("agencies.json", "\"phone\": \"998\"", "\"phone\": \"x\"", files);

        var errors = PolicyReader.Read(files).Errors;

        Assert.Equal(["agencies.json", "agencies.json", "ladders.json"], errors.Select(e => e.File));
        Assert.True(errors[0].Line < errors[1].Line);
    }

    [Fact]
    public void A_hundred_errors_are_listed_and_the_rest_counted()
    {
        var terms = string.Join(",\n", Enumerable.Range(0, 250).Select(i => $$"""{ "id": "UPPER{{i}}", "name": { "ar": "اسم" } }"""));
        var file = new PolicyFile("groups.json", Encoding.UTF8.GetBytes($$"""{ "format": 1, "groups": [{{terms}}] }"""));

        var result = PolicyReader.Read([.. ExamplePolicy.Files, file]);

        Assert.Equal((100, 150), (result.Errors.Count, result.NotListed));
    }

    [Fact]
    public void One_broken_file_does_not_make_every_reference_into_it_look_wrong()
    {
        var (files, _) = With("departments.json", "\"departments\": [", "\"departments\": [[");

        var errors = PolicyReader.Read(files).Errors;

        Assert.All(errors, e => Assert.Equal("departments.json", e.File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"format\":1}{}")]
    [InlineData("{\"format\":1,\"format\":1}")]
    [InlineData("{\"format\":1e999}")]
    [InlineData("{\"format\":1,\"$schema\":\"\\ud800\"}")]
    [InlineData("{\"format\":1,\"groups\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}")]
    public void What_is_no_policy_file_is_an_error_and_never_an_exception(string text)
    {
        var result = PolicyReader.Read([.. ExamplePolicy.Files, new PolicyFile("zz.json", Encoding.UTF8.GetBytes(text))]);

        Assert.Contains(result.Errors, e => e.File == "zz.json" && e.Line >= 1);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_an_error()
    {
        byte[] bytes = [.. "{\"format\":1,\"$schema\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        var result = PolicyReader.Read([.. ExamplePolicy.Files, new PolicyFile("zz.json", bytes)]);

        Assert.Contains(result.Errors, e => e.File == "zz.json");
    }

    [Fact]
    public void Nothing_at_all_is_an_error() => Assert.Single(PolicyReader.Read([]).Errors);

    [Fact]
    public void What_no_file_holds_is_named()
    {
        var errors = PolicyReader.Read([.. ExamplePolicy.Files.Where(f => f.Name != "rules.json")]).Errors;

        Assert.Equal(
            ["no file has anything in 'intake'", "no file has anything in 'survey'"],
            errors.Select(e => e.Reason).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_version_names_the_content_and_nothing_else()
    {
        var version = ExamplePolicy.Policy.Version;
        var reversed = ExamplePolicy.Files.Reverse().ToList();
        var marked = ExamplePolicy.Files.Select(f => f with { Utf8 = (byte[])[0xEF, 0xBB, 0xBF, .. f.Utf8.Span] }).ToList();
        var all = ExamplePolicy.AsOneDocument();
        all["categories"] = new JsonArray([.. all["categories"]!.AsArray().Reverse().Select(c => c!.DeepClone())]);
        var oneFile = new PolicyFile("all.json", Encoding.UTF8.GetBytes(all.ToJsonString()));
        var (changed, _) = With("ladders.json", "\"patience\": \"PT30M\"", "\"patience\": \"PT31M\"");

        Assert.Equal(version, PolicyReader.Read(reversed).Policy?.Version);
        Assert.Equal(version, PolicyReader.Read(marked).Policy?.Version);
        Assert.Equal(version, PolicyReader.Read([oneFile]).Policy?.Version);
        Assert.NotEqual(version, PolicyReader.Read(changed).Policy!.Version);
    }

    [Fact]
    public void A_team_finds_its_own_lead_and_then_the_departments()
    {
        var policy = ExamplePolicy.Policy;

        Assert.Equal("team.maintenance.khobar@eastern.example", Assert.Single(policy.ContactsFor("teamLead", "khobar", "maintenance", "maintenance-khobar")).Email);
        Assert.Equal("lead.maintenance@eastern.example", Assert.Single(policy.ContactsFor("teamLead", "khobar", "maintenance")).Email);
        Assert.Equal("head.khobar@eastern.example", Assert.Single(policy.ContactsFor("municipalityHead", "khobar", "maintenance")).Email);
        Assert.Equal("amin@eastern.example", Assert.Single(policy.ContactsFor("amin", "khobar", "maintenance")).Email);
        Assert.Empty(policy.ContactsFor("municipalityHead", null, "maintenance"));
    }

    /// <summary>The example with the first occurrence of a text replaced, and the line where that is.</summary>
    private static (List<PolicyFile> Files, int Line) With(string file, string right, string wrong, IReadOnlyList<PolicyFile>? files = null)
    {
        var line = 0;
        var changed = (files ?? ExamplePolicy.Files).Select(f =>
        {
            if (f.Name != file)
            {
                return f;
            }

            var text = Encoding.UTF8.GetString(f.Utf8.Span);
            var at = text.IndexOf(right, StringComparison.Ordinal);
            Assert.True(at >= 0, $"{file} does not hold {right}");
            line = text[..at].Count(c => c == '\n') + 1;
            return f with { Utf8 = Encoding.UTF8.GetBytes(text[..at] + wrong + text[(at + right.Length)..]) };
        }).ToList();
        return (changed, line);
    }
}
