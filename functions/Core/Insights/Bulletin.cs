using System.Globalization;
using System.Text.Json.Serialization;
using Serverless940.Core.Policies;
using Serverless940.Core.Time;

namespace Serverless940.Core.Insights;

/// <summary>One municipality's line.</summary>
/// <param name="Before">Reports of the time before; <see langword="null"/> when they may not be told.</param>
public sealed record BulletinLine(string Key, string Name, int Received, int? Closed, int? Before);

/// <summary>A figure at a glance.</summary>
public sealed record BulletinTile(string Label, string Value);

/// <summary>
/// The public bulletin (النشرة) of some days: sentences, a few figures at a glance and the municipalities. Made from the public figures
/// and nothing else; what the figures do not carry is not said. Numbers are rounded down ("more than 800"), never up.
/// </summary>
public sealed record Bulletin(
    string Language, string Title, string City, string PeriodName, string Gregorian, KpiDays Period, IReadOnlyList<string> Sentences,
    IReadOnlyList<BulletinTile> Tiles, IReadOnlyList<BulletinLine> Municipalities, string AsOf, string Note)
{
    private const int MostGroups = 6;

    /// <summary>As the press gets it.</summary>
    [JsonIgnore]
    public string Text => string.Join('\n', [Title, City, $"{PeriodName} ({Gregorian})", string.Empty, .. Sentences, string.Empty, AsOf, Note, string.Empty]);

    /// <summary>Writes the bulletin.</summary>
    /// <param name="book">The days of the period and of the one before it, and the backlog.</param>
    public static Bulletin Write(KpiBook book, KpiPeriod period, Policy policy, DateTimeOffset now, string language)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var calculator = new KpiCalculator(policy);
        var byMunicipality = calculator.Answer(book, new KpiQuestionnaire(period, CalendarKind.Hijri, KpiGroupBy.Municipality, Fold: true), now);
        var byGroup = calculator.Answer(
            book, new KpiQuestionnaire(period, CalendarKind.Hijri, KpiGroupBy.Category, Fold: true, Key: key => key.Split('.')[0]), now);
        return new Writer(BulletinTexts.In(language), policy, calculator.Hijri).Write(byMunicipality, byGroup);
    }

    private sealed class Writer(BulletinTexts texts, Policy policy, HijriMonths hijri)
    {
        private readonly List<string> _sentences = [];
        private readonly List<BulletinTile> _tiles = [];

        public Bulletin Write(KpiReport byMunicipality, KpiReport byGroup)
        {
            var (total, before) = (byMunicipality.Total.Figures, byMunicipality.Total.Before!);
            var period = NameOf(byMunicipality.Period);
            var city = policy.City.Name.In(texts.Language);
            var enough = total.Received >= Suppression.Fewest;
            var lines = enough ? Lines(byMunicipality) : [];
            if (enough)
            {
                _sentences.Add(texts.Say("received", ("city", city), ("count", texts.Rounded(total.Received, "reports")), ("period", period)));
                _tiles.Add(new BulletinTile(texts["tile.received"], Figure(total.Received)));
                Change(total.Received, before.Received, byMunicipality.Compared);
                Mix(byGroup, byMunicipality);
                Closing(total, lines);
                Listening(total);
            }
            else
            {
                _sentences.Add(texts.Say("received.none", ("city", city), ("period", period)));
            }

            var at = TimeZoneInfo.ConvertTime(byMunicipality.AsOf, policy.Calendars[policy.City.Calendar].Zone);
            return new Bulletin(
                texts.Language, texts["title"], city, period,
                texts.Say("period.gregorian", ("from", Iso(byMunicipality.Period.From)), ("to", Iso(byMunicipality.Period.To))),
                KpiView.DaysOf(byMunicipality.Period, hijri), _sentences, _tiles, lines,
                texts.Say("asOf", ("at", texts.Digits(at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)))),
                texts.Say("note", ("n", texts.Number(Suppression.Fewest))));
        }

        private void Change(int received, int before, KpiPeriod compared)
        {
            // Against a handful every change is a large one.
            var share = new KpiShare(Math.Abs(received - before), before);
            if (before >= 20 && share.Share is >= 0.01)
            {
                _sentences.Add(texts.Say(received > before ? "change.more" : "change.less", ("share", texts.Share(share)), ("period", NameOf(compared))));
            }
        }

        private void Mix(KpiReport byGroup, KpiReport byMunicipality)
        {
            var names = policy.Categories.Values.Where(category => category.GroupName is not null)
                .GroupBy(category => category.Code.Split('.')[0], StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.First().GroupName!.In(texts.Language), StringComparer.Ordinal);
            var groups = byGroup.Groups.Where(group => names.ContainsKey(group.Key))
                .OrderByDescending(group => group.Figures.Received).ThenBy(group => group.Key, StringComparer.Ordinal)
                .Take(MostGroups).Select(group => names[group.Key]).ToList();
            if (groups.Count > 1)
            {
                _sentences.Add(texts.Say("groups", ("list", texts.List(groups))));
            }

            // Those told together are more than one; how many, nobody is told.
            var municipalities = byMunicipality.Groups.Count(group => policy.Municipalities.ContainsKey(group.Key));
            if (municipalities > 2 && byMunicipality.Groups.All(group => group.Key != Suppression.Others || group.Figures.Received == 0))
            {
                _sentences.Add(texts.Say("municipalities", ("count", texts.Count(municipalities, "municipalities"))));
            }
        }

        private void Closing(KpiFigures total, IReadOnlyList<BulletinLine> lines)
        {
            if (KpiFiguresView.Public(total).ClosedOfReceived is { } closed and > 0)
            {
                var share = new KpiShare(closed, total.Received);
                _sentences.Add(texts.Say("closed", ("share", texts.Share(share))));
                _tiles.Add(new BulletinTile(texts["tile.closed"], Percent(share)));
            }

            if (lines is [var first, var second, ..] && first.Received > second.Received && policy.Municipalities.ContainsKey(first.Key))
            {
                var count = texts.Rounded(first.Received, "reports");
                _sentences.Add(first.Closed is { } done and > 0
                    ? texts.Say("top.closed", ("name", first.Name), ("count", count), ("share", texts.Share(new KpiShare(done, first.Received))))
                    : texts.Say("top", ("name", first.Name), ("count", count)));
            }

            if (total.Referred >= Suppression.Fewest)
            {
                _sentences.Add(texts.Say("referred", ("count", texts.Count(total.Referred, "reports"))));
                _tiles.Add(new BulletinTile(texts["tile.referred"], texts.Number(total.Referred)));
            }

            if (total.OnTime.Denominator >= Suppression.Fewest)
            {
                _sentences.Add(texts.Say("onTime", ("share", texts.Share(total.OnTime))));
                _tiles.Add(new BulletinTile(texts["tile.onTime"], Percent(total.OnTime)));
            }

            if (total.TimeToClose is { Median: { } median, Ended: >= Suppression.Fewest })
            {
                var hours = (int)Math.Round(median / 60, MidpointRounding.AwayFromZero);
                _sentences.Add(texts.Say("median", ("time", hours < 1 ? texts["hours.less"] : texts.Count(hours, "hours"))));
            }
        }

        private void Listening(KpiFigures total)
        {
            var said = total.Satisfaction;
            if (said.Response.Numerator >= Suppression.Fewest)
            {
                _sentences.Add(texts.Say("satisfaction", ("share", texts.Share(said.Overall)), ("count", texts.Count(said.Response.Numerator, "reports"))));
                _tiles.Add(new BulletinTile(texts["tile.satisfaction"], Percent(said.Overall)));
            }
        }

        private List<BulletinLine> Lines(KpiReport report) =>
        [
            .. report.Groups.Where(group => group.Figures.Received >= Suppression.Fewest)
                .Select(group => new BulletinLine(
                    group.Key, KpiNames.Of(KpiGroupBy.Municipality, group.Key, policy, texts.Language), group.Figures.Received,
                    KpiFiguresView.Public(group.Figures).ClosedOfReceived, Suppression.Told(group.Before!.Received)))
                .OrderBy(line => line.Key is Suppression.Others or KpiGrouping.Unassigned).ThenByDescending(line => line.Received).ThenBy(line => line.Key, StringComparer.Ordinal),
        ];

        private string NameOf(KpiPeriod period)
        {
            if (hijri.From(period.From) is not { } from || hijri.From(period.To) is not { } to)
            {
                return texts.Say("period.days", ("from", Iso(period.From)), ("to", Iso(period.To)));
            }

            var (month, year) = (from.MonthName(texts.Language), texts.Digits(from.Year.ToString(CultureInfo.InvariantCulture)));
            return hijri.Month(from.Year, from.Month) is { } whole && whole.First == period.From && whole.Last == period.To
                ? texts.Say("period.month", ("month", month), ("year", year))
                : hijri.Week(from.Year, from.Month, from.WeekOfMonth) is { } week && week.First == period.From && week.Last == period.To
                    ? texts.Say("period.week", ("week", texts["week." + from.WeekOfMonth.ToString(CultureInfo.InvariantCulture)]), ("month", month), ("year", year))
                    : texts.Say("period.days", ("from", texts.Digits(from.Format(texts.Language))), ("to", texts.Digits(to.Format(texts.Language))));
        }

        private string Iso(DateOnly day) => texts.Digits(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

        private string Figure(int count) => BulletinTexts.Round(count) == count
            ? texts.Number(count)
            : texts.Say("figure.more", ("n", texts.Number(BulletinTexts.Round(count))));

        private string Percent(KpiShare share) => texts.Say(
            100L * share.Numerator % share.Denominator == 0 ? "figure.percent" : "figure.percent.more",
            ("n", texts.Number((int)(100L * share.Numerator / share.Denominator))));
    }
}
