using Serverless940.Core.Insights;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Tests.Reports;

namespace Serverless940.Core.Tests.Insights;

public sealed class CounterTests
{
    private static readonly KpiPeriod s_march = new(new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31));

    [Fact]
    public void A_received_report_is_open_and_overdue_once_its_promise_has_passed()
    {
        var life = Life.Of(Orders.Submit());

        var (soon, later) = (Figures(life, life.Now.AddMinutes(5)), Figures(life, life.Report.PromisedBy!.Value.AddMinutes(2)));

        Assert.Equal((1, 1, 0), (soon.Received, soon.Open, soon.Overdue));
        Assert.Equal(0, soon.OnTime.Denominator);
        Assert.Equal((1, 1), (later.Open, later.Overdue));
        Assert.Equal((0, 1), (later.OnTime.Numerator, later.OnTime.Denominator));
        Assert.Equal(1, soon.TimeToClose.Waiting);
        Assert.Equal(1, soon.Backlog.Open);
    }

    [Fact]
    public void A_closing_in_time_is_counted_with_what_it_took()
    {
        var life = Life.Of(Orders.Submit());
        life.Now = life.Now.AddHours(2);
        life.Closed();

        var figures = Figures(life, life.Now.AddDays(1));

        Assert.Equal((1, 1, 0, 1), (figures.Received, figures.Closed, figures.Open, figures.ClosedOfReceived));
        Assert.Equal((1, 1), (figures.OnTime.Numerator, figures.OnTime.Denominator));
        Assert.InRange(figures.TimeToClose.Median!.Value, 120 * 0.95, 120 * 1.05);
        Assert.Equal((1, 0), (figures.TimeToClose.Ended, figures.TimeToClose.Waiting));
        Assert.Equal(0, figures.Backlog.Open);
        Assert.Equal((0, 1), (figures.Satisfaction.Response.Numerator, figures.Satisfaction.Response.Denominator));
    }

    [Fact]
    public void A_reopened_report_is_not_closed_and_was_not_on_time()
    {
        var life = Life.Of(Orders.Submit());
        life.Closed();
        life.Now = life.Now.AddHours(1);
        life.Accepts(Orders.Rate(1, 2, Solved.No));

        var open = Figures(life, life.Now.AddHours(1));
        life.Now = life.Now.AddHours(1);
        life.ClosedAgain();
        var closed = Figures(life, life.Now.AddHours(1));

        Assert.Equal((1, 1, 0), (open.Open, open.Reopened, open.ClosedOfReceived));
        Assert.Equal((0, 1), (open.OnTime.Numerator, open.OnTime.Denominator));
        Assert.Equal((1, 2), (open.Satisfaction.Response.Numerator + open.Satisfaction.Quality.Answers - 1, closed.Satisfaction.Response.Denominator));
        Assert.Equal((0, 1), (closed.OnTime.Numerator, closed.OnTime.Denominator));
        Assert.Equal((2, 0, 1), (closed.Closed, closed.Open, closed.ClosedOfReceived));
        Assert.InRange(closed.TimeToClose.Median!.Value, 120 * 0.95, 120 * 1.05);
    }

    [Fact]
    public void A_report_of_another_body_counts_as_passed_on_and_not_in_our_times()
    {
        var life = Life.Of(Orders.Submit(place: Orders.AlAhsa));

        var figures = Figures(life, life.Now.AddDays(30));

        Assert.Equal((1, 1, 1), (figures.Received, figures.Referred, figures.Open));
        Assert.Equal((0, 0), (figures.OnTime.Denominator, figures.TimeToClose.Ended));
        Assert.Equal((0, 0), (figures.TimeToClose.Waiting, figures.FirstResponse.Waiting));
    }

    [Fact]
    public void A_report_that_is_passed_on_later_was_ours_until_then()
    {
        var life = Life.Of(Orders.Submit());
        life.Now = life.Now.AddHours(3);
        life.Accepts(new Refer("electricity-company", null) { Number = Orders.Number, CommandId = "refer", At = life.Now, Actor = new Actor(ActorKind.Staff, "d", "dispatcher") });

        var figures = Figures(life, life.Now.AddDays(30));

        Assert.Equal((1, 1), (figures.Referred, figures.FirstResponse.Ended));
        Assert.Equal((0, 1), (figures.TimeToClose.Ended, figures.TimeToClose.Waiting));
        Assert.Equal(0, figures.OnTime.Denominator);
    }

    [Fact]
    public void A_report_that_is_handed_over_is_counted_where_it_is_now()
    {
        var life = Life.Of(Orders.Submit());
        var before = life.Report.Municipality!;
        var other = life.Policy.Municipalities.Keys.Order(StringComparer.Ordinal).First(id => id != before);
        life.Accepts(new Assign(other, null, null) { Number = Orders.Number, CommandId = "hand-over", At = life.Now, Actor = new Actor(ActorKind.Staff, "d", "dispatcher") });

        var report = Answer(life, life.Now.AddHours(1), KpiGroupBy.Municipality);

        Assert.Equal([other], report.Groups.Where(group => group.Figures.Received > 0).Select(group => group.Key));
        Assert.Equal(1, report.Total.Figures.Received);
        Assert.Equal(1, report.Total.Figures.Backlog.Open);
    }

    [Fact]
    public void Ratings_belong_to_the_day_of_their_closing()
    {
        var life = Life.Of(Orders.Submit());
        life.Closed();
        var closedOn = DateOnly.FromDateTime(life.Now.UtcDateTime);
        life.Now = life.Now.AddDays(6);
        life.Accepts(Orders.Rate(5, 4));

        var figures = Answer(life, life.Now, KpiGroupBy.None, new KpiPeriod(closedOn, closedOn)).Total.Figures.Satisfaction;

        Assert.Equal((1, 1), (figures.Response.Numerator, figures.Response.Denominator));
        Assert.Equal((5.0, 4.0), (figures.Quality.Mean, figures.Speed.Mean));
        Assert.Equal((2, 2), (figures.Overall.Numerator, figures.Overall.Denominator));
    }

    [Fact]
    public void Sms_move_from_failed_to_delivered_without_counting_twice()
    {
        var life = Life.Of(Orders.Submit());
        var book = BookOf(life.Events, life.Policy);
        var counter = new KpiCounter(life.Policy);
        book.Add(counter.CountSms(life.Report, life.Now, DeliveryState.Sent, DeliveryState.Failed));
        book.Add(counter.CountSms(life.Report, life.Now, DeliveryState.Failed, DeliveryState.Delivered));
        book.Add(counter.CountSms(life.Report, life.Now, DeliveryState.Delivered, DeliveryState.Read));

        var sms = new KpiCalculator(life.Policy).Answer(book, new KpiQuestionnaire(s_march, CalendarKind.Gregorian, KpiGroupBy.None), life.Now).Total.Figures.Sms;

        Assert.Equal(new KpiSms(1, 0), sms);
    }

    [Fact]
    public void Counts_survive_being_stored()
    {
        var life = Life.Of(Orders.Submit());
        life.Closed();
        life.Accepts(Orders.Rate(2, 2));
        foreach (var (_, counts) in BookOf(life.Events, life.Policy).Rows)
        {
            var copy = CellCounts.FromBytes(counts.ToBytes());
            Assert.Equal(counts.Cells.ToHashSet(), copy.Cells.ToHashSet());
            Assert.All(counts.Cells, cell => Assert.Equal(counts.Of(cell).ToHashSet(), copy.Of(cell).ToHashSet()));
        }

        Assert.Throws<InvalidDataException>(() => CellCounts.FromBytes([1, 3, 200]));
        Assert.Throws<InvalidDataException>(() => CellCounts.FromBytes([9]));
    }

    [Fact]
    public void An_open_report_survives_being_a_number()
    {
        var open = new OpenReport(new DateTimeOffset(2026, 3, 29, 6, 7, 0, TimeSpan.Zero), new DateTimeOffset(2026, 4, 2, 9, 30, 0, TimeSpan.Zero), true, false, true);

        Assert.Equal(open, OpenReport.Read(open.Key));
        Assert.Equal(open with { PromisedBy = null }, OpenReport.Read((open with { PromisedBy = null }).Key));
        Assert.Equal(Measure.Open, open.Key.Measure);
    }

    private static KpiFigures Figures(Life life, DateTimeOffset now) => Answer(life, now, KpiGroupBy.None).Total.Figures;

    private static KpiReport Answer(Life life, DateTimeOffset now, KpiGroupBy groupBy, KpiPeriod? period = null) =>
        new KpiCalculator(life.Policy).Answer(
            BookOf(life.Events, life.Policy), new KpiQuestionnaire(period ?? new KpiPeriod(new DateOnly(2026, 3, 1), new DateOnly(2026, 5, 31)), CalendarKind.Gregorian, groupBy), now);

    internal static KpiBook BookOf(IEnumerable<RecordedEvent> events, Policy policy)
    {
        var (book, counter) = (new KpiBook(), new KpiCounter(policy));
        ReportLife? life = null;
        foreach (var recorded in events)
        {
            (life, var deltas) = counter.Count(life, recorded);
            book.Add(deltas);
        }

        return book;
    }
}
