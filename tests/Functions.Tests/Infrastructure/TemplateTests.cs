using System.Text.Json;
using System.Text.RegularExpressions;

namespace Serverless940.Functions.Tests.Infrastructure;

/// <summary>What every template keeps to, whoever changes it.</summary>
public sealed partial class TemplateTests
{
    private static readonly string[] s_instruments = ["escalation.lag.seconds", "escalation.ticks", "serverless940.channel.sends"];

    [Theory]
    [InlineData(@"list\w*Keys?\b")]
    [InlineData(@"listConnectionStrings|connectionStrings\b")]
    [InlineData(@"AccountKey=|SharedAccessKey|accesskey=|RootManage")]
    [InlineData(@"(?i)shared_?access_?signature|[?&]sig=")]
    [InlineData(@"allowSharedKeyAccess: true|isLocalUserEnabled: true|allowBlobPublicAccess: true")]
    [InlineData(@"(?i)disableLocalAuth: false")]
    [InlineData(@"allow: true")]
    [InlineData(@"authorizationRules")]
    [InlineData(@"WEBSITE_CONTENT|WEBSITE_RUN_FROM_PACKAGE|FUNCTIONS_EXTENSION_VERSION|FUNCTIONS_WORKER_RUNTIME")]
    public void No_template_holds_or_fetches_a_key(string forbidden) =>
        Assert.Empty(InfraFiles.Bicep.Concat(InfraFiles.Parameters).Where(file => Regex.IsMatch(file.Value, forbidden)).Select(file => file.Key));

    [Fact]
    public void Local_authentication_is_off_wherever_there_is_one()
    {
        var resources = InfraFiles.Bicep.Values.SelectMany(text => Resource().Matches(text)).Where(match => !match.Value.Contains(" existing ", StringComparison.Ordinal)).ToList();
        Assert.True(resources.Count > 35, $"only {resources.Count} resources were found");
        Assert.All(Of("Microsoft.Storage/storageAccounts"), text => Assert.Contains("properties: accountProperties", text, StringComparison.Ordinal));
        Assert.Contains("allowSharedKeyAccess: false", InfraFiles.Bicep["modules/storage.bicep"], StringComparison.Ordinal);
        Assert.All(Of("Microsoft.ServiceBus/namespaces"), text => Assert.Contains("disableLocalAuth: true", text, StringComparison.Ordinal));
        Assert.All(Of("Microsoft.Communication/communicationServices"), text => Assert.Contains("disableLocalAuth: true", text, StringComparison.Ordinal));
        Assert.All(Of("Microsoft.OperationalInsights/workspaces"), text => Assert.Contains("disableLocalAuth: true", text, StringComparison.Ordinal));
        Assert.All(Of("Microsoft.Insights/components"), text => Assert.Contains("DisableLocalAuth: true", text, StringComparison.Ordinal));
        Assert.All(Of("Microsoft.KeyVault/vaults"), text => Assert.Contains("enableRbacAuthorization: true", text, StringComparison.Ordinal));
        Assert.All(Of("Microsoft.Web/sites"), text => Assert.Contains("httpsOnly: true", text, StringComparison.Ordinal));
        Assert.Equal(2, Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Count(text => text.Contains("allow: false", StringComparison.Ordinal)));

        List<string> Of(string type)
        {
            var found = resources.Where(match => match.Groups["type"].Value == type).Select(match => match.Value).ToList();
            Assert.NotEmpty(found);
            return found;
        }
    }

    [Fact]
    public void Every_role_comes_from_the_one_table_with_its_reason()
    {
        Assert.Empty(InfraFiles.Bicep.Where(file => file.Key != "roles.bicep" && AnyGuid().IsMatch(file.Value)).Select(file => file.Key));
        var table = InfraFiles.Block("roles.bicep", "var roles = ", '{', '}');
        var roles = Role().Matches(table).Select(match => match.Groups["name"].Value).ToList();
        Assert.Equal(InfraFiles.Keys("roles.bicep", "var roles = "), roles);
        Assert.True(roles.Count >= 9);
        var uses = InfraFiles.Bicep.Values.SelectMany(text => RoleUse().Matches(text)).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Equal(roles.Order(), uses.Order());
        // A role for a person or a group is one thing; the app and the topic are service principals, which also spares a race.
        Assert.All(InfraFiles.Bicep.Values.SelectMany(text => Resource().Matches(text)).Where(match => match.Groups["type"].Value == "Microsoft.Authorization/roleAssignments"), match =>
        {
            Assert.Contains("principalType: '", match.Value, StringComparison.Ordinal);
            Assert.Contains("name: guid(", match.Value, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_parameter_is_explained_typed_and_bounded()
    {
        Assert.All(InfraFiles.Bicep, file => Assert.DoesNotMatch(@"(?m)^(param|output) \w+ (object|array)\b", file.Value));
        var parameters = Parameter().Matches(InfraFiles.Bicep["main.bicep"]);
        Assert.True(parameters.Count > 25);
        Assert.All(parameters, match =>
        {
            var text = match.Value;
            Assert.Contains("@description('", text, StringComparison.Ordinal);
            var bounded = match.Groups["type"].Value switch
            {
                "int" => text.Contains("@minValue(", StringComparison.Ordinal) || text.Contains("@allowed([", StringComparison.Ordinal),
                "string" => text.Contains("@maxLength(", StringComparison.Ordinal) || text.Contains("@allowed([", StringComparison.Ordinal) || text.Contains("resourceGroup().location", StringComparison.Ordinal),
                "string[]" => text.Contains("@maxLength(", StringComparison.Ordinal),
                _ => true,
            };
            Assert.True(bounded, text + " has no bounds");
        });
    }

    [Fact]
    public void Every_module_is_used_and_every_parameter_file_uses_main()
    {
        var main = InfraFiles.Bicep["main.bicep"];
        var used = Module().Matches(main).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(InfraFiles.Bicep.Keys.Where(file => file.StartsWith("modules/", StringComparison.Ordinal)).Order(), used.Order());
        Assert.All(InfraFiles.Bicep.Where(file => file.Key.StartsWith("modules/", StringComparison.Ordinal)), file => Assert.DoesNotContain("br/public:", file.Value, StringComparison.Ordinal));
        Assert.Equal(["main.dev.bicepparam", "main.prod.bicepparam", "main.test.bicepparam"], InfraFiles.Parameters.Keys.Order(StringComparer.Ordinal));
        var known = Parameter().Matches(main).Select(match => match.Groups["name"].Value).ToHashSet();
        var needed = Parameter().Matches(main).Where(match => !match.Value.Contains(" = ", StringComparison.Ordinal)).Select(match => match.Groups["name"].Value).ToList();
        Assert.All(InfraFiles.Parameters, file =>
        {
            Assert.Contains("using 'main.bicep'", file.Value, StringComparison.Ordinal);
            var given = Given().Matches(file.Value).Select(match => match.Groups[1].Value).ToList();
            Assert.Empty(given.Except(known));
            Assert.Empty(needed.Except(given));
            Assert.Contains($"param environmentName = '{file.Key.Split('.')[1]}'", file.Value, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_linters_rules_are_errors()
    {
        using var document = JsonDocument.Parse(InfraFiles.Text("infra", "bicepconfig.json"));
        var rules = document.RootElement.GetProperty("analyzers").GetProperty("core").GetProperty("rules").EnumerateObject().ToList();
        Assert.True(rules.Count > 30);
        // It fails by the calendar, not by what was changed.
        Assert.Equal(["use-recent-api-versions"], rules.Where(rule => rule.Value.GetProperty("level").GetString() != "error").Select(rule => rule.Name));
    }

    [Fact]
    public void Every_alert_has_its_page_in_the_guide_and_every_measure_its_instrument()
    {
        var alerts = InfraFiles.Bicep["modules/alerts.bicep"];
        var names = AlertName().Matches(alerts).Select(match => match.Groups[1].Value).Append("unhealthy").Append("budget").ToList();
        Assert.True(names.Count >= 14);
        var headings = AlertHeading().Matches(InfraFiles.Text("infra", "README.md")).Select(match => match.Groups[1].Value);
        Assert.Equal(names.Order(), headings.Order());
        Assert.Equal(s_instruments.Order(), Measure().Matches(alerts).Select(match => match.Groups[1].Value).Distinct().Order());
        var sources = string.Concat(Directory.EnumerateFiles(Path.Combine(InfraFiles.Root, "functions", "App"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.All(s_instruments, name => Assert.Contains($"\"{name}\"", sources, StringComparison.Ordinal));
    }

    [Fact]
    public void The_pipeline_pins_its_actions_and_holds_no_credential()
    {
        var workflow = InfraFiles.Text(".github", "workflows", "azure.yml");
        var uses = Uses().Matches(workflow).Select(match => match.Groups[1].Value).ToList();
        Assert.True(uses.Count > 8);
        Assert.All(uses, action => Assert.Matches(@"^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", action));
        Assert.DoesNotMatch(@"\$\{\{\s*secrets\b", workflow);
        Assert.Contains("id-token: write", workflow, StringComparison.Ordinal);
        Assert.Contains("-p:AzureSdk=true", workflow, StringComparison.Ordinal);
        Assert.Contains("union(tags, { 'azd-service-name': 'app' })", InfraFiles.Bicep["modules/functions.bicep"], StringComparison.Ordinal);
        Assert.Contains("\nservices:\n  app:\n    project: functions/App\n", InfraFiles.Text("azure.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_parameter_files_read_what_the_pipeline_gives()
    {
        var workflow = InfraFiles.Text(".github", "workflows", "azure.yml");
        var read = InfraFiles.Parameters.Values.SelectMany(text => EnvironmentVariable().Matches(text)).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.True(read.Count > 8);
        Assert.All(read.Except(["SMS_EVENT_DELIVERY"]), name => Assert.Equal(2, Regex.Count(workflow, $@"{name}: \$\{{\{{ vars\.{name} \}}\}}")));
    }

    [GeneratedRegex(@"(?m)^resource \w+ '(?<type>[^@']+)@[^']+' .*(?:\n(?![}\]]).*)*\n[}\]]")]
    private static partial Regex Resource();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex AnyGuid();

    [GeneratedRegex(@"  // [A-Z].+\n  (?<name>\w+): '[0-9a-f-]{36}'")]
    private static partial Regex Role();

    [GeneratedRegex(@"\broles\.(?!bicep)(\w+)")]
    private static partial Regex RoleUse();

    [GeneratedRegex(@"(?m)(?:^(?:@.*|  .*|\]\)|\}\))\n)*^param (?<name>\w+) (?<type>\S+).*$")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"(?m)^module \w+ '([^']+)'")]
    private static partial Regex Module();

    [GeneratedRegex(@"(?m)^param (\w+) = ")]
    private static partial Regex Given();

    [GeneratedRegex(@"(?m)^    name: '([a-z-]+)'\n    severity: ")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"(?m)^### `([a-z-]+)`")]
    private static partial Regex AlertHeading();

    [GeneratedRegex("Name == \"([a-z0-9.]+)\"")]
    private static partial Regex Measure();

    [GeneratedRegex(@"(?m)uses: (.+)$")]
    private static partial Regex Uses();

    [GeneratedRegex(@"readEnvironmentVariable\('(\w+)'")]
    private static partial Regex EnvironmentVariable();
}
