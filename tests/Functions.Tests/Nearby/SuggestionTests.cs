using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless940.Core.Geo;
using Serverless940.Core.Messages;
using Serverless940.Core.Nearby;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Nearby;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Reports;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Nearby;

public sealed class SuggestionTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private static readonly CheckedIntake Pole = new(
        ReportKind.Report, "lighting.pole", null, new ReportPlace { Lat = 26.4282, Lon = 50.0881 }, new Reporter(null, false, null, "ar"), Channel.Web);

    [Fact]
    public async Task In_a_rush_only_a_few_answers_look_for_similar_reports_and_the_others_do_not_wait()
    {
        var slow = new Slow();
        var suggestions = Of(slow, TimeSpan.FromMinutes(1));
        using var over = new CancellationTokenSource();
        var looking = Enumerable.Range(0, SuggestionBudget.AtOnce).Select(_ => suggestions.FindAsync("26000000000019", Pole, over.Token)).ToList();
        Assert.Equal(SuggestionBudget.AtOnce, slow.Asked);

        Assert.Empty(await suggestions.FindAsync("26000000000019", Pole, CancellationToken.None));
        Assert.Equal(SuggestionBudget.AtOnce, slow.Asked);

        await over.CancelAsync();
        await Task.WhenAll(looking);
        using var again = new CancellationTokenSource();
        var next = suggestions.FindAsync("26000000000019", Pole, again.Token);
        Assert.Equal(SuggestionBudget.AtOnce + 1, slow.Asked);
        await again.CancelAsync();
        Assert.Empty(await next);
    }

    [Fact]
    public async Task What_does_not_come_within_its_budget_is_left_out()
    {
        var slow = new Slow();
        Assert.Empty(await Of(slow, TimeSpan.FromMilliseconds(20)).FindAsync("26000000000019", Pole, CancellationToken.None));
        Assert.Equal(1, slow.Asked);
    }

    private Suggestions Of(INearbyReports nearby, TimeSpan patience)
    {
        var services = shared.App.Services;
        return new Suggestions(
            nearby, new SuggestionBudget(patience), services.GetRequiredService<ReportAccess>(), services.GetRequiredService<Policy>(),
            TimeProvider.System, NullLogger<Suggestions>.Instance);
    }

    private sealed class Slow : INearbyReports
    {
        public int Asked { get; private set; }

        public async Task<IReadOnlyList<Candidate>> FindAsync(
            GeoPoint place, string? category, IReadOnlyCollection<string> except, int mostReads, CancellationToken cancellationToken)
        {
            Asked++;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return [];
        }
    }
}
