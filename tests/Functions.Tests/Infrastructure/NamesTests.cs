using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Tests.Infrastructure;

/// <summary>The templates and the code name the same things, both ways.</summary>
public sealed partial class NamesTests
{
    private const string NamesFile = "names.bicep";

    [Fact]
    public void Tables_and_containers_are_the_codes()
    {
        Assert.Equal(Names.Tables.All.Order(StringComparer.Ordinal), InfraFiles.List(NamesFile, "tables").Order(StringComparer.Ordinal));
        Assert.Equal(Names.Containers.All.Order(StringComparer.Ordinal), InfraFiles.List(NamesFile, "containers").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_bus_is_made_from_the_codes_own_entity_file()
    {
        var module = InfraFiles.Bicep["modules/servicebus.bicep"];
        Assert.Contains("loadJsonContent('../../functions/App/servicebus.json').UserConfig.Namespaces[0].Queues", module, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(InfraFiles.Text("functions", "App", "servicebus.json"));
        var space = document.RootElement.GetProperty("UserConfig").GetProperty("Namespaces").EnumerateArray().Single();
        // The module makes queues only; a topic in the file would be forgotten in Azure.
        Assert.Equal(0, space.GetProperty("Topics").GetArrayLength());
        var read = QueueProperty().Matches(module).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.All(space.GetProperty("Queues").EnumerateArray(), queue =>
            Assert.Equal(read.Order(), queue.GetProperty("Properties").EnumerateObject().Select(property => property.Name).Order()));
    }

    [Fact]
    public void The_queue_of_SMS_events_is_the_codes() =>
        Assert.Contains($"var queueName = '{Names.Queues.SmsEvents}'", InfraFiles.Bicep["modules/smsevents.bicep"], StringComparison.Ordinal);

    [Fact]
    public void Every_setting_is_given_in_Azure_and_no_other()
    {
        var secret = InfraFiles.List(NamesFile, "vaultSettings");
        var city = InfraFiles.Keys(NamesFile, "type citySettingsType = ");
        var platform = InfraFiles.Keys("modules/functions.bicep", "var platformSettings = ");
        var optional = OptionalSecret().Matches(InfraFiles.Bicep[NamesFile]).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(
            Names.Settings.Where(setting => setting.Place != SettingPlace.Local).Select(setting => setting.Name).Order(StringComparer.Ordinal),
            secret.Concat(optional).Concat(city).Concat(platform).Order(StringComparer.Ordinal));
        Assert.Equal(Names.Settings.Where(setting => setting.IsSecret && !setting.IsOptional).Select(setting => setting.Name).Order(StringComparer.Ordinal), secret.Order(StringComparer.Ordinal));
        Assert.Equal(Names.Settings.Where(setting => setting.IsOptional).Select(setting => setting.Name).Order(StringComparer.Ordinal), optional.Order(StringComparer.Ordinal));
        Assert.All(InfraFiles.Parameters.Keys, file => Assert.Equal(city.Order(StringComparer.Ordinal), InfraFiles.Keys(file, "param citySettings = ").Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_setting_of_one_machine_stands_in_the_sample_and_no_other()
    {
        using var document = JsonDocument.Parse(InfraFiles.Text("local.settings.sample.json"));
        var sample = document.RootElement.GetProperty("Values").EnumerateObject().Select(member => member.Name);
        Assert.Equal(Names.Settings.Where(setting => setting.Place != SettingPlace.Azure).Select(setting => setting.Name).Order(StringComparer.Ordinal), sample.Order(StringComparer.Ordinal));
        Assert.Equal(Names.Settings.Count, Names.Settings.DistinctBy(setting => setting.Name, StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void What_the_start_reads_in_Azure_is_in_the_table()
    {
        var asked = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var given = Names.Settings.Where(setting => setting.Place != SettingPlace.Local).ToDictionary(setting => Key(setting.Name), Value, StringComparer.OrdinalIgnoreCase);
        given["WEBSITE_SITE_NAME"] = "app";

        var settings = AppSettings.Read(new ConfigurationRoot([new Recording(given, asked)]));

        Assert.Null(settings.Sms.ConnectionString);
        var known = Names.Settings.Select(setting => Key(setting.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain(asked, key => !known.Contains(key) && !key.StartsWith("WEBSITE_", StringComparison.Ordinal));
        // Secrets that nothing reads would be put for nothing.
        Assert.All(Names.Settings.Where(setting => setting.IsSecret), setting => Assert.Contains(Key(setting.Name), asked));
    }

    [Fact]
    public void Public_paths_are_the_routes_that_are_not_for_staff()
    {
        var routes = typeof(Startup).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<AccessAttribute>() is not null)
            .Select(method => (
                method.GetCustomAttribute<AccessAttribute>()!.Caller,
                Path: Path(method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>().Single().Route!)))
            .ToList();
        var expected = routes.Where(route => route.Caller != Caller.Staff).Select(route => route.Path).Distinct();

        var excluded = InfraFiles.List(NamesFile, "publicPaths");

        Assert.Equal(expected.Order(StringComparer.Ordinal), excluded.Order(StringComparer.Ordinal));
        // Neither whole nor by its beginning does an excluded path let a stranger through to a staff route.
        Assert.All(routes.Where(route => route.Caller == Caller.Staff), route =>
            Assert.DoesNotContain(excluded, path => route.Path == path || (path.EndsWith('*') && route.Path.StartsWith(path[..^1], StringComparison.Ordinal))));
    }

    [Fact]
    public void The_app_roles_are_the_codes_roles_and_the_places_of_the_policy()
    {
        using var document = JsonDocument.Parse(InfraFiles.Text("infra", "entra", "app-roles.json"));
        var roles = document.RootElement.EnumerateArray().ToList();
        var values = roles.Select(role => role.GetProperty("value").GetString()!);
        var expected = StaffAuthentication.Roles.Concat(Places("municipalities", "municipality")).Concat(Places("departments", "department"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), values.Order(StringComparer.Ordinal));
        Assert.Equal(roles.Count, roles.Select(role => Guid.Parse(role.GetProperty("id").GetString()!)).Distinct().Count());
    }

    private static IEnumerable<string> Places(string file, string scope)
    {
        using var document = JsonDocument.Parse(InfraFiles.Text("functions", "App", "policies", "eastern-province", file + ".json"));
        return [.. document.RootElement.GetProperty(file).EnumerateArray().Select(place => scope + ":" + place.GetProperty("id").GetString())];
    }

    /// <summary>A route as a path of App Service Authentication: all below its first variable part.</summary>
    private static string Path(string route)
    {
        // A parameter that holds nothing is how a function comes to be the root.
        if (route.StartsWith("{root:maxlength(0)?}", StringComparison.Ordinal))
        {
            return "/";
        }

        var variable = route.IndexOf('{', StringComparison.Ordinal);
        return "/" + (variable < 0 ? route : route[..variable] + "*");
    }

    private static string Key(string name) => name.Replace("__", ":", StringComparison.Ordinal);

    private static string Value(Setting setting) => setting switch
    {
        { IsSecret: true } => "a-secret-that-nobody-knows-" + setting.Name,
        { Name: "Sms__From" } => "+966500000940",
        { Name: "Voice__Voices" } => "ar=Polly.Hala-Neural:ar-AE",
        { Name: "Voice__Recorded" or "Voice__RecordingsBaseUri" or "Map__Tiles" } => string.Empty,
        _ when setting.Name.EndsWith("Uri", StringComparison.Ordinal) || setting.Name.EndsWith("Endpoint", StringComparison.Ordinal) => "https://940.example/",
        _ when setting.Name.EndsWith("PerMinute", StringComparison.Ordinal) => "100",
        _ => "value",
    };

    [GeneratedRegex(@"(?m)^  \| '(\w+)'")]
    private static partial Regex OptionalSecret();

    [GeneratedRegex(@"queue\.Properties\.(\w+)")]
    private static partial Regex QueueProperty();

    private sealed class Recording(Dictionary<string, string> given, HashSet<string> asked) : ConfigurationProvider
    {
        public override bool TryGet(string key, out string? value)
        {
            asked.Add(key);
            var found = given.TryGetValue(key, out var text);
            value = text;
            return found;
        }
    }
}
