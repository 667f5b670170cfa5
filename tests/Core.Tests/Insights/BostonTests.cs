using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Serverless940.Core.Insights;
using Serverless940.Core.Policies;
using Serverless940.Core.Tests.Policies;
using Serverless940.Simulator;

namespace Serverless940.Core.Tests.Insights;

/// <summary>
/// A real half-year of a city replayed through the core, and the same figures calculated from the file alone: by
/// subtracting times, under a calendar that works around the clock.
/// </summary>
public sealed class BostonTests : IClassFixture<BostonTests.Replay>
{
    private readonly Replay _replay;

    public BostonTests(Replay replay) => _replay = replay;

    [Fact]
    public void Every_request_is_counted_once()
    {
        var total = _replay.Total;

        Assert.Equal(58_251, total.Received);
        Assert.Equal(_replay.Rows.Count, total.Received);
        Assert.Equal(_replay.Rows.Count(row => row.Closed <= _replay.Until), total.ClosedOfReceived);
        Assert.Equal(_replay.Rows.Count(row => !(row.Closed <= _replay.Until)), total.Open);
        Assert.Equal(total.Open, total.Backlog.Open);
        Assert.Equal(total.Open, total.Backlog.ByAge.Sum(band => band.Reports));
        Assert.True(total.Open > 1000, "the half-year leaves a backlog");
    }

    [Fact]
    public void Median_and_ninetieth_are_those_of_plain_subtraction()
    {
        // What is another body's to mend leaves our hands at once and never ends there.
        var ours = _replay.Rows.Where(row => !_replay.IsReferred(row)).ToList();
        var lives = ours.Select(row => row.Closed <= _replay.Until ? (row.Closed!.Value - row.Opened, true) : (_replay.Until - row.Opened, false)).ToList();

        Assert.Equal(ours.Count(row => row.Closed <= _replay.Until), _replay.Total.TimeToClose.Ended);
        AssertNear(Exact(lives, 0.5), _replay.Total.TimeToClose.Median);
        AssertNear(Exact(lives, 0.9), _replay.Total.TimeToClose.P90);
    }

    [Fact]
    public void Each_municipality_has_its_own_figures()
    {
        var groups = _replay.Report.Groups.ToDictionary(group => group.Key, group => group.Figures);
        Assert.Equal(_replay.Rows.Select(row => row.Municipality).Distinct().Order(), groups.Keys.Order());
        foreach (var rows in _replay.Rows.GroupBy(row => row.Municipality))
        {
            var figures = groups[rows.Key];
            var ours = rows.Where(row => !_replay.IsReferred(row)).ToList();
            Assert.Equal(rows.Count(), figures.Received);
            Assert.Equal(rows.Count(row => row.Closed <= _replay.Until), figures.ClosedOfReceived);
            AssertNear(
                Exact([.. ours.Select(row => row.Closed <= _replay.Until ? (row.Closed!.Value - row.Opened, true) : (_replay.Until - row.Opened, false))], 0.5),
                figures.TimeToClose.Median);
        }
    }

    [Fact]
    public void On_time_is_closed_within_the_promise_of_what_was_due()
    {
        var (kept, due) = (0, 0);
        foreach (var row in _replay.Rows.Where(row => !_replay.IsReferred(row)))
        {
            var promise = row.Opened + _replay.Promise(row);
            kept += row.Closed <= _replay.Until && row.Closed <= promise ? 1 : 0;
            due += row.Closed <= _replay.Until || promise < _replay.Until ? 1 : 0;
        }

        Assert.Equal((kept, due), (_replay.Total.OnTime.Numerator, _replay.Total.OnTime.Denominator));
    }

    [Fact]
    public void Months_are_counted_by_both_calendars()
    {
        var calculator = new KpiCalculator(_replay.Policy);
        foreach (var (calendar, month) in new (CalendarKind, Func<DateTime, string>)[]
        {
            (CalendarKind.Gregorian, time => time.ToString("yyyy-MM", CultureInfo.InvariantCulture)),
            (CalendarKind.Hijri, time => HijriMonth(time)),
        })
        {
            var report = calculator.Answer(_replay.Result.Book, new KpiQuestionnaire(_replay.Report.Period, calendar, KpiGroupBy.Month), _replay.Until);
            var expected = _replay.Rows.GroupBy(row => month(row.Opened.DateTime)).ToDictionary(group => group.Key, group => group.Count());
            Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), report.Groups.Where(group => group.Figures.Received > 0).ToDictionary(group => group.Key, group => group.Figures.Received).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Teams_that_work_reports_off_close_what_came_and_never_before_it_came()
    {
        var requests = PastRequests.Read(Replay.Path, ExamplePolicy.Policy).Take(4_000).ToList();
        var until = requests[^1].OpenedAt.AddDays(60);
        var result = new Simulation(ExamplePolicy.Policy, new Teams(ExamplePolicy.Policy, 2, 1)).Run(requests, until, KpiGroupBy.None);
        var again = new Simulation(ExamplePolicy.Policy, new Teams(ExamplePolicy.Policy, 2, 1)).Run(requests, until, KpiGroupBy.None);
        var slow = new Simulation(ExamplePolicy.Policy, new Teams(ExamplePolicy.Policy, 2, 8)).Run(requests, until, KpiGroupBy.None);

        var figures = result.Report.Total.Figures;
        Assert.Equal(4_000, figures.Received);
        Assert.True(figures.ClosedOfReceived > 3_000, figures.ClosedOfReceived.ToString(CultureInfo.InvariantCulture));
        Assert.True(figures.FirstResponse.Median <= figures.TimeToClose.Median);
        Assert.Equal(figures.OnTime, again.Report.Total.Figures.OnTime);
        Assert.True(slow.Report.Total.Figures.OnTime.Share < figures.OnTime.Share);
    }

    private static string HijriMonth(DateTime time)
    {
        var calendar = new UmAlQuraCalendar();
        return string.Create(CultureInfo.InvariantCulture, $"{calendar.GetYear(time):0000}-{calendar.GetMonth(time):00}");
    }

    private static void AssertNear(TimeSpan? exact, double? told)
    {
        Assert.Equal(exact is null, told is null);
        if (exact is { } known)
        {
            Assert.InRange(told!.Value, (known.TotalMinutes * 0.95) - 0.5, (known.TotalMinutes * 1.05) + 0.5);
        }
    }

    /// <summary>Kaplan and Meier's estimator on the durations themselves.</summary>
    private static TimeSpan? Exact(List<(TimeSpan Lasted, bool Ended)> lives, double share)
    {
        var (atRisk, left) = (lives.Count, 1.0);
        foreach (var moment in lives.GroupBy(life => life.Lasted).OrderBy(group => group.Key))
        {
            left *= 1 - (moment.Count(life => life.Ended) / (double)atRisk);
            atRisk -= moment.Count();
            if (left <= 1 - share + 1e-9)
            {
                return moment.Key;
            }
        }

        return null;
    }

    /// <summary>A line of the file, read here by hand.</summary>
    public sealed record Row(string Type, string Municipality, DateTimeOffset Opened, DateTimeOffset? Closed);

    /// <summary>One replay for all tests of the class.</summary>
    public sealed class Replay
    {
        private readonly Dictionary<string, string?> _categories = [];

        public Replay()
        {
            Policy = AroundTheClock();
            var requests = PastRequests.Read(Path, Policy);
            foreach (var request in requests)
            {
                _categories[request.Type!] = request.Category;
            }

            Result = new Simulation(Policy, null).Run(requests, Until, KpiGroupBy.Municipality);
            Rows = [.. ReadRows(requests.ToDictionary(request => request.Id, request => request.Municipality!))];
        }

        public static string Path { get; } = System.IO.Path.Combine(ExamplePolicy.PoliciesFolder, "..", "..", "..", "tests", "Benchmarks", "data", "boston311-2011h2.csv.gz");

        public DateTimeOffset Until { get; } = new(2012, 1, 1, 0, 0, 0, TimeSpan.FromHours(3));

        public Policy Policy { get; }

        public SimulationResult Result { get; }

        public IReadOnlyList<Row> Rows { get; }

        public KpiReport Report => Result.Report;

        public KpiFigures Total => Report.Total.Figures;

        public bool IsReferred(Row row) => CategoryOf(row).Agency is not null;

        public TimeSpan Promise(Row row) => CategoryOf(row).CloseWithin;

        private Category CategoryOf(Row row) => Policy.Categories[_categories[row.Type] ?? Policy.Intake.DefaultCategory];

        private static IEnumerable<Row> ReadRows(Dictionary<string, string> municipalities)
        {
            using var file = new StreamReader(new GZipStream(File.OpenRead(Path), CompressionMode.Decompress));
            file.ReadLine();
            while (file.ReadLine() is { } line)
            {
                var fields = line.Split(',');
                yield return new Row(fields[6], municipalities[fields[0]], Time(fields[1])!.Value, Time(fields[3]));
            }
        }

        private static DateTimeOffset? Time(string text) => text.Length == 0 ? null
            : new DateTimeOffset(DateTime.ParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), TimeSpan.FromHours(3));

        private static Policy AroundTheClock()
        {
            var document = ExamplePolicy.AsOneDocument();
            foreach (var calendar in document["calendars"]!.AsArray())
            {
                calendar!["weekly"] = JsonNode.Parse("""[{ "days": ["sunday","monday","tuesday","wednesday","thursday","friday","saturday"], "start": "00:00", "end": "00:00" }]""");
                calendar["holidays"] = new JsonArray();
                ((JsonObject)calendar).Remove("ramadan");
            }

            var result = PolicyReader.Read([new PolicyFile("all.json", Encoding.UTF8.GetBytes(document.ToJsonString()))]);
            return result.Policy ?? throw new InvalidOperationException(string.Join('\n', result.Errors));
        }
    }
}
