using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Functions.Notifications;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Storage;
using Serverless940.Functions.Reports;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Functions.Tests.Speed;

namespace Serverless940.Functions.Tests.Nearby;

public sealed class CrowdTests
{
    [Fact]
    public async Task A_thousand_followers_are_told_in_a_few_sends_and_once_however_often_the_change_comes()
    {
        var (app, log) = await OperationLog.StartAsync("EscalationTick", "SweepOutbox", "SendCitizenNotification", "SendWaveNotification");
        await using var _ = app;
        using var __ = log;
        var (number, _) = await new CitizenDriver(app).ReportAsync();
        await app.QuietAsync();
        var store = app.Services.GetRequiredService<ReportStore>();
        var followers = Enumerable.Range(0, 1000).Select(i => new Follower($"{i:x32}", new Reporter($"+96650001{i:0000}", true, null, "ar"), 1));
        var report = (await store.FindAsync(number, CancellationToken.None))! with { Followers = [.. followers] };
        var news = new FollowerNews(
            new OneReport(report), app.Services.GetRequiredService<ReportAccess>(), app.Services.GetRequiredService<BusSender>(), app.Services.GetRequiredService<Policy>());
        var started = new ReportChanged(
            number, report.Version, [new RecordedEvent(number, report.Version + 1, app.Now, Actor.System, "test", new Started())], ReportStore.Summary(report));
        var waiting = app.Broker.Counts(Names.Queues.WaveNotifications).Active;
        log.Clear();

        await news.HearAsync(started, CancellationToken.None);

        Assert.InRange(log.Operations.Count(operation => operation.Name == "bus send notifications-waves"), 1, 5);
        Assert.Equal(1000, app.Broker.Counts(Names.Queues.WaveNotifications).Active - waiting);
        await news.HearAsync(started, CancellationToken.None);
        Assert.Equal(1000, app.Broker.Counts(Names.Queues.WaveNotifications).Active - waiting);
    }

    private sealed class OneReport(Report report) : IReportFinder
    {
        public Task<Report?> FindAsync(string number, CancellationToken cancellationToken) => Task.FromResult(number == report.Number ? report : null);

        public Task<ReportWithHistory> LoadHistoryAsync(string number, CancellationToken cancellationToken) =>
            Task.FromResult(new ReportWithHistory(report, [], null));

        public Task<InboxOutcome?> FindOutcomeAsync(string number, string commandId, CancellationToken cancellationToken) => Task.FromResult<InboxOutcome?>(null);
    }
}
