using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless940.Local;
using Serverless940.Local.Functions;

namespace Serverless940.Contract.Tests.Functions;

public class HostStartTests
{
    [Theory]
    [InlineData(typeof(SameNames), "Two functions are called Twin")]
    [InlineData(typeof(BadRoute), "Function Bad: the route 'a/{b' is not a route")]
    [InlineData(typeof(BadConstraint), "Function Bad: the route 'a/{b:nonsense}' is not a route")]
    [InlineData(typeof(AdminRoute), "Function Bad: the route 'admin/x' conflicts")]
    [InlineData(typeof(SameRoutes), "Function Two: its route conflicts with the route of function One")]
    [InlineData(typeof(BadSchedule), "Function Bad: the schedule is neither NCRONTAB nor a span of time: the field for seconds, '61', is wrong")]
    [InlineData(typeof(MissingSetting), "Function Bad: the schedule names the setting NoSuchSchedule, which is missing")]
    [InlineData(typeof(TwoTriggers), "Function Bad (")]
    public void A_mistake_in_a_function_stops_the_start_with_one_line(Type functions, string line)
    {
        var exception = Assert.Throws<LocalHostException>(() => RunningHost.Build([functions]));
        Assert.StartsWith(line, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--help --port 7000")]
    [InlineData("-h")]
    [InlineData("7000")]
    public void An_argument_that_is_no_setting_stops_the_start(string line)
    {
        var exception = Assert.Throws<LocalHostException>(() => LocalArguments.Parse(line.Split(' ')));
        Assert.StartsWith($"Unknown argument {line.Split(' ')[0]};", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_on_the_command_line_stay_the_app_s()
    {
        var arguments = LocalArguments.Parse(["--A", "1", "--port=7000", "--B:C=2"]);
        Assert.Equal(7000, arguments.Port);
        Assert.Equal(["--A", "1", "--B:C=2"], arguments.Rest);
    }

    [Fact]
    public async Task A_used_port_is_told_in_one_line()
    {
        await using var first = await RunningHost.StartAsync([typeof(Ping)]);
        var port = first.Context.BaseAddress!.Port;
        var exception = Assert.Throws<LocalHostException>(() => RunningHost.Build([typeof(Ping)], port: port));
        Assert.Equal($"Port {port} is in use; choose another with --port.", exception.Message);
    }

    [Fact]
    public async Task A_second_host_over_the_same_data_is_refused_in_one_line()
    {
        await using var first = RunningHost.Build([typeof(Ping)]);
        var exception = Assert.Throws<LocalHostException>(() => RunningHost.Build([typeof(Ping)], first.Folder));
        Assert.Equal($"Another host runs over {first.Folder}; choose another folder with --data.", exception.Message);
    }

    [Fact]
    public async Task Several_hosts_live_side_by_side()
    {
        await using var one = await RunningHost.StartAsync([typeof(Ping)], settings: new() { ["Name"] = "one" });
        await using var two = await RunningHost.StartAsync([typeof(Ping)], settings: new() { ["Name"] = "two" });
        Assert.Equal("one", await one.Client.GetStringAsync("/ping"));
        Assert.Equal("two", await two.Client.GetStringAsync("/ping"));
    }

    [Fact]
    public async Task Keys_are_made_once_for_a_data_folder()
    {
        var folder = RunningHost.NewFolder();
        string master;
        await using (var first = RunningHost.Build([typeof(Ping)], folder))
        {
            master = LocalHostControl.Keys(first.Host).Master;
        }

        await using var second = RunningHost.Build([typeof(Ping)], folder);
        Assert.Equal(master, LocalHostControl.Keys(second.Host).Master);
        await using var other = RunningHost.Build([typeof(Ping)]);
        Assert.NotEqual(master, LocalHostControl.Keys(other.Host).Master);
    }

    [Fact]
    public async Task The_app_is_given_the_business_clock()
    {
        await using var host = RunningHost.Build([typeof(Ping)]);
        Assert.Same(host.Clock, host.Host.Services.GetRequiredService<TimeProvider>());
    }

    [Fact]
    public async Task Settings_of_the_file_give_way_to_those_of_the_environment()
    {
        var folder = RunningHost.NewFolder();
        var file = Path.Combine(folder, "settings.json");
        await File.WriteAllTextAsync(file, """
            {
              // as func reads it
              "IsEncrypted": false,
              "Values": { "HostStartTests__A": "file", "HostStartTests__B": "file", "Number": "5", },
              "Host": { "LocalHttpPort": 7071 }
            }
            """);
        Environment.SetEnvironmentVariable("HostStartTests__B", "environment");
        try
        {
            using var options = LocalHostOptions.Use(new LocalHostOptions { FunctionTypes = [typeof(Ping)], SettingsFile = file, UseExtensions = false, ServiceBusJson = "" });
            var builder = Microsoft.Azure.Functions.Worker.Builder.FunctionsApplication.CreateBuilder(["--data", folder, "--C", "line"]);
            Assert.Equal("file", builder.Configuration["HostStartTests:A"]);
            Assert.Equal("environment", builder.Configuration["HostStartTests:B"]);
            Assert.Equal("line", builder.Configuration["C"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HostStartTests__B", null);
        }
    }

    [Fact]
    public async Task The_status_and_the_admin_routes_want_the_master_key()
    {
        await using var host = await RunningHost.StartAsync([typeof(Ping)]);
        var keys = LocalHostControl.Keys(host.Host);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.GetAsync("/admin/host/status")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.GetAsync($"/admin/host/status?code={keys.Function}")).StatusCode);
        Assert.Contains("\"state\":\"Running\"", await host.Client.GetStringAsync($"/admin/host/status?code={keys.Master}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_lets_a_request_finish()
    {
        var host = await RunningHost.StartAsync([typeof(HttpFunctionTests.Slow)], configure: builder => builder.Services.AddSingleton<HttpFunctionTests.Slow.Gate>());
        var answer = host.Client.GetAsync("/slow");
        await host.Notebook.WaitForAsync(1);
        var stop = host.Host.StopAsync();
        Assert.False(stop.IsCompleted);
        HttpFunctionTests.Slow.Open(host);
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        await stop;
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_kill_cuts_the_request_and_a_new_host_starts_over_the_same_data()
    {
        var folder = RunningHost.NewFolder();
        var host = await RunningHost.StartAsync([typeof(HttpFunctionTests.Slow), typeof(Ping)], folder, configure: builder => builder.Services.AddSingleton<HttpFunctionTests.Slow.Gate>());
        var answer = host.Client.GetAsync("/slow");
        await host.Notebook.WaitForAsync(1);
        await LocalHostControl.KillAsync(host.Host);
        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        await Assert.ThrowsAsync<HttpRequestException>(() => host.Client.GetAsync("/ping"));

        await using var next = await RunningHost.StartAsync([typeof(Ping)], folder, settings: new() { ["Name"] = "next" }, port: host.Context.BaseAddress!.Port);
        Assert.Equal("next", await next.Client.GetStringAsync("/ping"));
    }

    public class Ping(Microsoft.Extensions.Configuration.IConfiguration configuration)
    {
        [Function("Ping")]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ping")] HttpRequest request) => Results.Text(configuration["Name"] ?? "none");
    }

    public static class SameNames
    {
        [Function("Twin")]
        public static IResult One([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Ok();

        [Function("twin")]
        public static IResult Two([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Ok();
    }

    public static class BadRoute
    {
        [Function("Bad")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{b")] HttpRequest request) => Results.Ok();
    }

    public static class BadConstraint
    {
        [Function("Bad")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{b:nonsense}")] HttpRequest request) => Results.Ok();
    }

    public static class AdminRoute
    {
        [Function("Bad")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "admin/x")] HttpRequest request) => Results.Ok();
    }

    public static class SameRoutes
    {
        [Function("One")]
        public static IResult One([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "x")] HttpRequest request) => Results.Ok();

        [Function("Two")]
        public static IResult Two([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "X")] HttpRequest request) => Results.Ok();
    }

    public static class BadSchedule
    {
        [Function("Bad")]
        public static void Run([TimerTrigger("61 * * * * *")] TimerInfo timer)
        {
        }
    }

    public static class MissingSetting
    {
        [Function("Bad")]
        public static void Run([TimerTrigger("%NoSuchSchedule%")] TimerInfo timer)
        {
        }
    }

    public static class TwoTriggers
    {
        [Function("Bad")]
        public static void Run([TimerTrigger("0 * * * * *")] TimerInfo timer, [HttpTrigger] HttpRequest request)
        {
        }
    }
}
