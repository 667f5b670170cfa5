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
    private static readonly Dictionary<(string Methods, string Route), Caller> Routes = new()
    {
        [("get", "api/agencies/answers/{token}")] = Caller.AnyoneLimited,
        [("post", "api/agencies/answers/{token}")] = Caller.AnyoneLimited,
        [("get", "api/channels/messenger")] = Caller.Anyone,
        [("post", "api/channels/messenger")] = Caller.Signature,
        [("get", "api/channels/x")] = Caller.AnyoneLimited,
        [("post", "api/channels/x")] = Caller.Signature,
        [("post", "api/channels/email")] = Caller.SharedSecret,
        [("get", "api/channels/whatsapp")] = Caller.Anyone,
        [("post", "api/channels/whatsapp")] = Caller.Signature,
        [("post,options", "api/channels/sms")] = Caller.SharedSecret,
        [("post", "api/followers")] = Caller.AnyoneLimited,
        [("post", "api/channels/voice/{step}")] = Caller.Signature,
        [("get", "api/health")] = Caller.Anyone,
        [("get", "api/insights/bulletin")] = Caller.AnyoneLimited,
        [("get", "api/insights/kpis")] = Caller.AnyoneLimited,
        [("post", "api/reports")] = Caller.AnyoneLimited,
        [("get", "api/reports/{number}")] = Caller.ReportToken,
        [("post", "api/reports/{number}/attachments")] = Caller.ReportToken,
        [("get", "api/reports/{number}/attachments/{id}")] = Caller.ReportTokenOrStaff,
        [("post", "api/reports/{number}/duplicate")] = Caller.ReportToken,
        [("post", "api/reports/{number}/follow-ups")] = Caller.ReportToken,
        [("post", "api/reports/{number}/rating")] = Caller.ReportToken,
        [("post", "api/staff/callers")] = Caller.Staff,
        [("get", "api/staff/me")] = Caller.Staff,
        [("get", "api/staff/reports")] = Caller.Staff,
        [("post", "api/staff/reports")] = Caller.Staff,
        [("get", "api/staff/calls")] = Caller.Staff,
        [("get", "api/staff/reports/{number}")] = Caller.Staff,
        [("post", "api/staff/reports/{number}/attachments")] = Caller.Staff,
        [("post", "api/staff/reports/{number}/commands")] = Caller.Staff,
        [("get", "api/staff/reports/{number}/commands/{commandId}")] = Caller.Staff,
        [("get", "api/staff/reports/{number}/similar")] = Caller.Staff,
        [("get", "api/city")] = Caller.Anyone,
        [("get", "assets/{file}")] = Caller.Anyone,
        [("get", "f/{code:length(11)}")] = Caller.AnyoneLimited,
        [("post", "f/{code:length(11)}/unfollow")] = Caller.AnyoneLimited,
        [("get", "manifest.webmanifest")] = Caller.Anyone,
        [("get", "r/{number}")] = Caller.ReportToken,
        [("post", "r/{number}/follow-up")] = Caller.ReportToken,
        [("post", "r/{number}/rating")] = Caller.ReportToken,
        [("get", "s/{code:length(11)}")] = Caller.AnyoneLimited,
        [("get", "staff")] = Caller.Anyone,
        [("get", "sw.js")] = Caller.Anyone,
        [("get", "{root:maxlength(0)?}")] = Caller.Anyone,
    };

    private static IEnumerable<MethodInfo> Functions =>
        typeof(Startup).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null);

    [Fact]
    public void Every_route_is_listed_here_with_who_may_call_it()
    {
        var found = new Dictionary<(string Methods, string Route), Caller>();
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
            found[(string.Join(',', trigger.Methods!), trigger.Route!)] = access.Caller;
        }

        Assert.Equal(Routes.OrderBy(pair => pair.Key.Route, StringComparer.Ordinal).ThenBy(pair => pair.Key.Methods), found.OrderBy(pair => pair.Key.Route, StringComparer.Ordinal).ThenBy(pair => pair.Key.Methods));
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
