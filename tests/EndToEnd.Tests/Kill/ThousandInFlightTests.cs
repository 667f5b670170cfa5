using System.Diagnostics;
using Serverless940.EndToEnd.Tests.Harness;
using Xunit.Abstractions;

namespace Serverless940.EndToEnd.Tests.Kill;

public sealed class ThousandInFlightTests(ITestOutputHelper output)
{
    private const int Messages = 1000;

    [Fact]
    public async Task A_thousand_reports_on_the_bus_outlive_the_process_and_each_is_handled_once()
    {
        using var data = new AppData();
        var citizens = Enumerable.Range(0, Messages).Select(_ => Citizen.New()).ToList();
        Held[] reports;
        using (var paused = await AppProcess.StartAsync(data, new Dictionary<string, string> { ["AzureWebJobs__HandleReportCommand__Disabled"] = "true" }))
        {
            reports = await SideBySideAsync("accepted", citizens, citizen => citizen.ReportAsync(paused));
            Assert.Empty(await Citizen.StepsAsync(paused, reports[0]));
            paused.Kill();
        }

        using var app = await AppProcess.StartAsync(data);
        var started = Stopwatch.GetTimestamp();
        await Poll.UntilAsync(
            async () => (await Citizen.AllSmsAsync(app)).Count(sms => sms.Text.StartsWith("استلمنا بلاغكم", StringComparison.Ordinal)) >= Messages,
            "everybody has his number", TimeSpan.FromMinutes(4));
        Say("handled", started);
        await app.AdvanceAsync("PT12M");
        var texts = (await Citizen.AllSmsAsync(app)).ToLookup(sms => sms.To);
        var views = await SideBySideAsync("read", reports, report => Citizen.ReadAsync(app, report));
        foreach (var (citizen, report, view) in citizens.Zip(reports, views))
        {
            Assert.Equal("assigned", view.GetProperty("status").GetString());
            Assert.Equal(2, view.GetProperty("timeline").GetArrayLength());
            Assert.StartsWith("استلمنا بلاغكم " + report.Number, Assert.Single(texts[citizen.Phone]).Text, StringComparison.Ordinal);
        }
    }

    private async Task<TResult[]> SideBySideAsync<T, TResult>(string done, IReadOnlyList<T> all, Func<T, Task<TResult>> work)
    {
        var started = Stopwatch.GetTimestamp();
        var results = new TResult[all.Count];
        await Parallel.ForAsync(0, all.Count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (index, _) => results[index] = await work(all[index]));
        Say(done, started);
        return results;
    }

    /// <summary>For whoever reads the log; a rate on a shared machine is no verdict.</summary>
    private void Say(string done, long started) =>
        output.WriteLine($"{Messages} reports {done}: {Messages / Stopwatch.GetElapsedTime(started).TotalSeconds:F0} a second");
}
