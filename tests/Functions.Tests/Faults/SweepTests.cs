using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Storage;
using Serverless940.Functions.Reports;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Faults;

public sealed class SweepTests
{
    [Fact]
    public async Task What_was_committed_but_whose_message_an_operator_purged_is_published_by_the_sweep()
    {
        await using var lane = await FaultLane.StartAsync(sweep: "30 */5 * * * *");
        var report = lane.NewCase();
        await lane.DieAtAsync(
            new CallPoint("bus Send notifications", false, 1), () => lane.SubmitAsync(report, FaultStep.Body(report, "other.complaint")));
        await PurgeAsync(lane, report);

        await lane.StartHostAsync();
        await lane.AdvanceAsync(TimeSpan.FromMinutes(3));
        Assert.Empty(await lane.SmsTagsAsync(report));
        Assert.Single(await lane.RowsAsync(Names.Tables.Reports, report.Number, Keys.OutboxPrefix, Keys.After(Keys.OutboxPrefix)));
        Assert.Equal(1, await lane.HintsAsync());

        await lane.AdvanceAsync(TimeSpan.FromMinutes(8));
        await lane.VerifyAsync(report, ["received", "assigned"], ["received"], due: true);
        Assert.Equal(0, await lane.HintsAsync());
    }

    [Fact]
    public async Task A_hint_of_what_was_never_begun_is_taken_away()
    {
        await using var lane = await FaultLane.StartAsync(sweep: "30 */5 * * * *");
        var report = lane.NewCase();
        await lane.DieAtAsync(
            new CallPoint("storage POST $batch", false, 1), () => lane.SubmitAsync(report, FaultStep.Body(report, "other.complaint")));
        await PurgeAsync(lane, report);
        await lane.StartHostAsync();
        Assert.Equal(1, await lane.HintsAsync());
        await lane.AdvanceAsync(TimeSpan.FromMinutes(11));
        Assert.Equal(0, await lane.HintsAsync());
    }

    [Fact]
    public async Task A_report_whose_tick_was_lost_climbs_all_the_same_when_the_timer_looks_again()
    {
        // No timer ever ticks here, as if every tick's message had been purged.
        await using var lane = await FaultLane.StartAsync(secondLook: "45 50 * * * *");
        var report = lane.NewCase();
        await lane.SubmitAsync(report, FaultStep.Body(report, "other.complaint"));
        await lane.SettleAsync();
        var due = await lane.NextDueAsync(report);

        await lane.AdvanceToAsync(due + TimeSpan.FromMinutes(30));
        Assert.Equal(due, await lane.NextDueAsync(report));

        await lane.AdvanceToAsync(due + TimeSpan.FromHours(2.5));
        Assert.Single(await lane.Citizen.StepsAsync(report.Number, report.Token), "escalated");
        Assert.True(await lane.NextDueAsync(report) > due + TimeSpan.FromHours(1));
    }

    /// <summary>Takes the report's command off the queue by a host that does not handle commands.</summary>
    private static async Task PurgeAsync(FaultLane lane, FaultCase report)
    {
        await lane.StartHostAsync(nameof(HandleReportCommand));
        var client = lane.App.Services.GetRequiredService<ServiceBusClient>();
        await using (var session = await client.AcceptSessionAsync(Names.Queues.Commands, report.Number))
        {
            var message = await session.ReceiveMessageAsync(TimeSpan.FromSeconds(30));
            await session.CompleteMessageAsync(message);
        }

        await lane.KillHostAsync();
    }
}
