using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Local.Functions;

namespace Serverless940.Contract.Tests.Functions;

public class TimerFunctionTests
{
    [Fact]
    public async Task An_advance_fires_every_occurrence_in_order()
    {
        await using var host = await RunningHost.StartAsync([typeof(Quarterly), typeof(Hourly)], settings: new() { ["Schedule"] = "0 0 * * * *" });
        var start = NextHour(host);
        await host.AdvanceToAsync(start.AddHours(1));
        var lines = host.Notebook.Lines.Select(line => (Name: line.Split(' ')[0], At: Floor(Instant(line.Split(' ')[1])))).ToList();
        Assert.Equal(lines.Select(line => line.At).Order(), lines.Select(line => line.At));
        Assert.Equal([start, start.AddHours(1)], lines.Where(line => line.Name == "hourly").Select(line => line.At));
        Assert.Equal(
            Enumerable.Range(0, 5).Select(i => start.AddMinutes(15 * i)),
            lines.Where(line => line.Name == "quarter" && line.At >= start).Select(line => line.At));
        Assert.True(host.Clock.GetUtcNow() >= start.AddHours(1));
    }

    [Fact]
    public async Task Thousands_of_stops_are_taken_one_by_one()
    {
        await using var host = await RunningHost.StartAsync([typeof(Minutely)]);
        var start = NextHour(host);
        await host.AdvanceToAsync(start.AddSeconds(-1));
        var before = host.Notebook.Lines.Count;
        await host.AdvanceToAsync(start.AddHours(26));
        var minutes = host.Notebook.Lines.Skip(before).Select(line => Floor(Instant(line))).ToList();
        Assert.Equal(Enumerable.Range(0, (26 * 60) + 1).Select(i => start.AddMinutes(i)), minutes);
    }

    [Fact]
    public async Task Without_an_advance_a_timer_fires_when_the_clock_arrives()
    {
        await using var host = await RunningHost.StartAsync([typeof(Hourly)], settings: new() { ["Schedule"] = "0 0 * * * *" });
        host.Clock.AdvanceTo(NextHour(host));
        await host.Notebook.WaitForAsync(1);
        host.Clock.AdvanceTo(NextHour(host));
        Assert.Equal(2, (await host.Notebook.WaitForAsync(2)).Count);
    }

    [Fact]
    public async Task An_occurrence_missed_while_the_host_was_down_is_made_up_for_once()
    {
        var folder = RunningHost.NewFolder();
        DateTimeOffset hour;
        await using (var host = await RunningHost.StartAsync([typeof(Kept)], folder))
        {
            hour = NextHour(host);
            await host.AdvanceToAsync(hour);
            Assert.Equal([$"ran False {Text(DateTimeOffset.MinValue)} {Text(hour)}"], host.Notebook.Lines);
        }

        await using (var late = RunningHost.Build([typeof(Kept)], folder))
        {
            late.Clock.AdvanceTo(hour.AddHours(3).AddMinutes(5));
            await late.StartAsync();
            Assert.Equal($"ran True {Text(hour)} {Text(hour.AddHours(1))}", (await late.Notebook.WaitForAsync(1))[0]);
            await late.AdvanceToAsync(hour.AddHours(4));
            Assert.Equal(2, late.Notebook.Lines.Count);
            Assert.StartsWith("ran False", late.Notebook.Lines[1], StringComparison.Ordinal);
        }

        await using var again = await RunningHost.StartAsync([typeof(Kept)], folder);
        await again.AdvanceToAsync(hour.AddHours(4).AddMinutes(30));
        Assert.Empty(again.Notebook.Lines);
    }

    [Fact]
    public async Task A_changed_schedule_is_not_past_due()
    {
        var folder = RunningHost.NewFolder();
        await using (var host = await RunningHost.StartAsync([typeof(Hourly)], folder, settings: new() { ["Schedule"] = "0 0 * * * *" }))
        {
            await host.AdvanceToAsync(NextHour(host));
            Assert.Single(host.Notebook.Lines);
        }

        await using var changed = RunningHost.Build([typeof(Hourly)], folder, settings: new() { ["Schedule"] = "0 30 * * * *" });
        var half = NextHour(changed).AddHours(2);
        changed.Clock.AdvanceTo(half.AddMinutes(5));
        await changed.StartAsync();
        await changed.AdvanceToAsync(half.AddMinutes(20));
        Assert.Empty(changed.Notebook.Lines);
        await changed.AdvanceToAsync(half.AddMinutes(30));
        Assert.Single(changed.Notebook.Lines);
    }

    [Fact]
    public async Task A_timer_that_asks_for_it_runs_at_the_start()
    {
        await using var host = await RunningHost.StartAsync([typeof(AtStart)]);
        Assert.Equal(["False"], await host.Notebook.WaitForAsync(1));
    }

    [Fact]
    public async Task A_timer_never_overlaps_itself()
    {
        await using var host = await RunningHost.StartAsync([typeof(Slow)], configure: builder => builder.Services.AddSingleton<HttpFunctionTests.Slow.Gate>());
        var hour = NextHour(host);
        host.Clock.AdvanceTo(hour);
        await host.Notebook.WaitForAsync(1);
        host.Clock.AdvanceTo(hour.AddHours(1));
        host.Clock.AdvanceTo(hour.AddHours(2));
        var left = await host.Context.AdvanceAsync!(hour.AddHours(3), TimeSpan.FromMilliseconds(200), CancellationToken.None);
        Assert.Equal("function Slow is running", left[0]);
        Assert.Equal(["in"], host.Notebook.Lines);
        HttpFunctionTests.Slow.Open(host);
        Assert.Equal("in", (await host.Notebook.WaitForAsync(2))[1]);
    }

    [Fact]
    public async Task A_failing_timer_keeps_its_schedule_and_its_retries()
    {
        await using var host = await RunningHost.StartAsync([typeof(Failing)]);
        var hour = NextHour(host);
        await host.AdvanceToAsync(hour);
        Assert.Equal(["try 0 of 2", "try 1 of 2", "try 2 of 2"], host.Notebook.Lines);
        await host.AdvanceToAsync(hour.AddHours(1));
        Assert.Equal(6, host.Notebook.Lines.Count);
    }

    [Fact]
    public async Task An_operator_runs_a_timer_now()
    {
        await using var host = await RunningHost.StartAsync([typeof(Kept)]);
        var keys = LocalHostControl.Keys(host.Host);
        Assert.Equal(HttpStatusCode.Unauthorized, await Post("/admin/functions/Kept", keys.Function));
        Assert.Empty(host.Notebook.Lines);
        Assert.Equal(HttpStatusCode.NotFound, await Post("/admin/functions/Nothing", keys.Master));
        Assert.Equal(HttpStatusCode.BadRequest, await Post("/admin/functions/Kept", keys.Master, ""));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await Post("/admin/functions/Kept", keys.Master, "{}", "text/plain"));
        Assert.Equal(HttpStatusCode.Accepted, await Post("/admin/functions/kept", keys.Master));
        Assert.Single(await host.Notebook.WaitForAsync(1));
        Assert.Equal(HttpStatusCode.Accepted, await Post("/admin/functions/Kept", keys.Master, """{ "input": "now" }"""));
        Assert.Equal(2, (await host.Notebook.WaitForAsync(2)).Count);

        async Task<HttpStatusCode> Post(string path, string key, string body = "{}", string type = "application/json")
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) };
            request.Headers.Add("x-functions-key", key);
            using var response = await host.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_disabled_timer_does_not_run()
    {
        await using var host = await RunningHost.StartAsync([typeof(Kept)], settings: new() { ["AzureWebJobs.Kept.Disabled"] = "true" });
        await host.AdvanceToAsync(NextHour(host));
        Assert.Empty(host.Notebook.Lines);
    }

    private static DateTimeOffset NextHour(RunningHost host)
    {
        var now = host.Clock.GetUtcNow();
        return new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1);
    }

    private static DateTimeOffset Floor(DateTimeOffset instant) => new(instant.Ticks - (instant.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    public class Quarterly(Notebook notebook, TimeProvider time)
    {
        [Function("Quarterly")]
        public void Run([TimerTrigger("0 */15 * * * *")] TimerInfo timer) => notebook.Write($"quarter {time.GetUtcNow():O}");
    }

    public class Minutely(Notebook notebook, TimeProvider time)
    {
        [Function("Minutely")]
        public Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer)
        {
            notebook.Write($"{time.GetUtcNow():O}");
            return Task.CompletedTask;
        }
    }

    public class Hourly(Notebook notebook, TimeProvider time)
    {
        [Function("Hourly")]
        public void Run([TimerTrigger("%Schedule%")] TimerInfo timer) => notebook.Write($"hourly {time.GetUtcNow():O}");
    }

    public class Kept(Notebook notebook)
    {
        [Function("Kept")]
        public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) =>
            notebook.Write($"ran {timer.IsPastDue} {Text(timer.ScheduleStatus!.Last)} {Text(timer.ScheduleStatus.Next)}");
    }

    public class AtStart(Notebook notebook)
    {
        [Function("AtStart")]
        public void Run([TimerTrigger("0 0 * * * *", RunOnStartup = true, UseMonitor = false)] TimerInfo timer) =>
            notebook.Write($"{timer.ScheduleStatus is not null}");
    }

    public class Slow(Notebook notebook, HttpFunctionTests.Slow.Gate gate)
    {
        [Function("Slow")]
        public async Task Run([TimerTrigger("0 0 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        {
            notebook.Write("in");
            await gate.Opened.Task.WaitAsync(cancellationToken);
        }
    }

    public class Failing(Notebook notebook)
    {
        [Function("Failing")]
        [FixedDelayRetry(2, "00:00:00.010")]
        public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer, FunctionContext context)
        {
            notebook.Write($"try {context.RetryContext.RetryCount} of {context.RetryContext.MaxRetryCount}");
            throw new InvalidOperationException("fails on purpose");
        }
    }
}
