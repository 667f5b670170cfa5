using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Staff;

namespace Serverless940.Functions.Tests.Platform;

/// <summary>What exists, listed once, so that nothing appears or goes unnoticed.</summary>
public sealed class InventoryTests
{
    private static readonly Dictionary<string, (string Methods, Caller Caller)> Routes = new()
    {
        ["api/health"] = ("get", Caller.Anyone),
        ["api/reports"] = ("post", Caller.AnyoneLimited),
        ["api/reports/{number}"] = ("get", Caller.ReportToken),
        ["api/reports/{number}/attachments"] = ("post", Caller.ReportToken),
        ["api/reports/{number}/attachments/{id}"] = ("get", Caller.ReportTokenOrStaff),
        ["api/reports/{number}/follow-ups"] = ("post", Caller.ReportToken),
        ["api/reports/{number}/rating"] = ("post", Caller.ReportToken),
        ["api/staff/reports/{number}"] = ("get", Caller.Staff),
        ["api/staff/reports/{number}/attachments"] = ("post", Caller.Staff),
        ["api/staff/reports/{number}/commands"] = ("post", Caller.Staff),
        ["api/staff/reports/{number}/commands/{commandId}"] = ("get", Caller.Staff),
        ["assets/{file}"] = ("get", Caller.Anyone),
        ["r/{number}"] = ("get", Caller.ReportToken),
        ["r/{number}/follow-up"] = ("post", Caller.ReportToken),
        ["r/{number}/rating"] = ("post", Caller.ReportToken),
        ["s/{code:length(11)}"] = ("get", Caller.AnyoneLimited),
    };

    private static IEnumerable<MethodInfo> Functions =>
        typeof(Startup).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null);

    [Fact]
    public void Every_route_is_listed_here_with_who_may_call_it()
    {
        var found = new Dictionary<string, (string, Caller)>();
        foreach (var method in Functions)
        {
            var trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).SingleOrDefault(attribute => attribute is not null);
            if (trigger is null)
            {
                continue;
            }

            var access = method.GetCustomAttribute<AccessAttribute>();
            Assert.True(access is not null, method.DeclaringType!.Name + " does not declare who may call it");
            // The app checks callers itself; a function key in a link would end in somebody's log.
            Assert.Equal(AuthorizationLevel.Anonymous, trigger.AuthLevel);
            found[trigger.Route!] = (string.Join(',', trigger.Methods!), access.Caller);
        }

        Assert.Equal(Routes.OrderBy(pair => pair.Key, StringComparer.Ordinal), found.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_queue_of_the_table_stands_in_the_entity_file_and_has_a_consumer()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "servicebus.json")));
        var queues = document.RootElement.GetProperty("UserConfig").GetProperty("Namespaces")[0].GetProperty("Queues")
            .EnumerateArray().ToDictionary(queue => queue.GetProperty("Name").GetString()!, queue => queue.GetProperty("Properties"));
        Assert.Equal(Names.Queues.All.Order(), queues.Keys.Order());
        var consumers = Functions.SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()).OfType<ServiceBusTriggerAttribute>()
            .ToDictionary(trigger => trigger.QueueName!);
        Assert.Equal(Names.Queues.All.Order(), consumers.Keys.Order());
        Assert.All(consumers, pair =>
        {
            Assert.Equal(queues[pair.Key].GetProperty("RequiresSession").GetBoolean(), pair.Value.IsSessionsEnabled);
            Assert.True(queues[pair.Key].GetProperty("RequiresDuplicateDetection").GetBoolean());
            Assert.True(queues[pair.Key].GetProperty("DeadLetteringOnMessageExpiration").GetBoolean());
            Assert.Equal(Names.BusConnection, pair.Value.Connection);
            Assert.False(pair.Value.AutoCompleteMessages);
        });
    }

    [Fact]
    public void Every_staff_command_of_the_core_can_be_given()
    {
        var commands = typeof(Core.Messages.StaffCommand).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Core.Messages.StaffCommand)))
            .Select(type => char.ToLowerInvariant(type.Name[0]) + type.Name[1..]);
        Assert.Equal(commands.Order(), StaffCommandTable.Entries.Keys.Order());
        Assert.All(StaffCommandTable.Entries.Values, entry => Assert.Empty(entry.Roles.Except(StaffAuthentication.Roles)));
    }

    [Fact]
    public void The_sample_settings_hold_every_setting_that_a_local_run_needs()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "local.settings.sample.json")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new InvalidOperationException("no sample");
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "local.settings.sample.json")));
        var sample = document.RootElement.GetProperty("Values").EnumerateObject().Select(member => member.Name).ToHashSet();
        Assert.Equal(Fixtures.AppData.SettingNames.Order(), sample.Except(["FUNCTIONS_WORKER_RUNTIME"]).Order());
    }
}
