using System.Globalization;
using System.Text.RegularExpressions;
using Serverless940.Core.Time;

namespace Serverless940.Core.Policies;

/// <summary>Reads one calendar: shifts that do not overlap, holidays that end, corrections by one day.</summary>
internal static partial class CalendarReader
{
    private const int MinutesPerDay = 24 * 60;

    private static readonly UmAlQuraCalendar s_hijri = new();

    private static readonly Dictionary<string, DayOfWeek> s_days =
        Enum.GetValues<DayOfWeek>().ToDictionary(day => day.ToString().ToLowerInvariant());

    public static (string Id, WorkingCalendar? Value) Read(PolicyScope scope)
    {
        var before = scope.Errors.Count;
        var id = scope.Id("id");
        var zone = scope.Text("timeZone", ZonePattern(), "an IANA time zone such as Asia/Riyadh");
        var weekly = Shifts(scope, "weekly", needed: true);
        var ramadan = scope.Node.Member("ramadan") is null ? null : Shifts(scope, "ramadan", needed: true);
        scope.Optional("ramadan", NodeKind.Array);
        var holidays = scope.Each("holidays", needed: false).Select(Holiday).ToList();
        var corrections = scope.Each("hijriCorrections", needed: false).Select(Correction).ToList();
        foreach (var twice in corrections.GroupBy(c => (c.Year, c.Month)).Where(g => g.Count() > 1))
        {
            scope.Error("hijriCorrections", PolicyScope.Invariant($"the month {twice.Key.Month} of {twice.Key.Year} is corrected twice"));
        }

        scope.Done();
        if (scope.Errors.Count > before)
        {
            return (id, null);
        }

        try
        {
            return (id, new WorkingCalendar(new CalendarDefinition(id, zone, weekly, ramadan, [.. holidays.Select(h => h!)], corrections)));
        }
        catch (Exception wrong) when (wrong is ArgumentException or TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            scope.Errors.Add(scope.Node, "the calendar does not work: " + wrong.Message);
            return (id, null);
        }
    }

    private static List<Shift> Shifts(PolicyScope calendar, string name, bool needed)
    {
        var before = calendar.Errors.Count;
        var shifts = new List<(Shift Shift, PolicyNode Node)>();
        foreach (var scope in calendar.Each(name, needed))
        {
            var days = scope.Required("days", NodeKind.Array);
            var start = Time(scope, "start");
            var end = Time(scope, "end");
            scope.Done();
            if (days is { Items.Count: 0 })
            {
                scope.Error("days", "a shift needs at least one day");
            }

            shifts.AddRange((days?.Items ?? []).Select(day => (new Shift(scope.Choice(day, s_days), start, end), day)));
        }

        if (calendar.Errors.Count == before)
        {
            FindOverlaps(shifts, calendar.Errors);
        }

        return shifts.ConvertAll(s => s.Shift);
    }

    private static void FindOverlaps(List<(Shift Shift, PolicyNode Node)> shifts, PolicyErrors errors)
    {
        var taken = new List<(int From, int To, Shift Shift)>();
        foreach (var (shift, node) in shifts)
        {
            var from = ((int)shift.Day * MinutesPerDay) + Minutes(shift.Start);
            var length = Minutes(shift.End) - Minutes(shift.Start);
            var to = from + (length > 0 ? length : length + MinutesPerDay);
            foreach (var other in taken)
            {
                // The week is a ring: Saturday's night shift may run into Sunday.
                if (Overlap(from, to, other.From, other.To, 0) || Overlap(from, to, other.From, other.To, 7 * MinutesPerDay)
                    || Overlap(from, to, other.From, other.To, -7 * MinutesPerDay))
                {
                    errors.Add(node, PolicyScope.Invariant(
                        $"shifts overlap: {shift.Day} {shift.Start:HH\\:mm}-{shift.End:HH\\:mm} and {other.Shift.Day} {other.Shift.Start:HH\\:mm}-{other.Shift.End:HH\\:mm}"));
                    break;
                }
            }

            taken.Add((from, to, shift));
        }
    }

    private static bool Overlap(int from, int to, int otherFrom, int otherTo, int moved) =>
        from < otherTo + moved && otherFrom + moved < to;

    private static int Minutes(TimeOnly time) => (time.Hour * 60) + time.Minute;

    private static Holiday? Holiday(PolicyScope scope)
    {
        var name = scope.Words("name");
        var kinds = new[] { "gregorian", "hijri", "announced" };
        var nodes = kinds.Select(kind => scope.Optional(kind, NodeKind.Object)).ToArray();
        scope.Done();
        var given = kinds.Where(kind => scope.Node.Member(kind) is not null).ToList();
        if (given.Count != 1)
        {
            scope.Errors.Add(scope.Node, given.Count == 0
                ? "the holiday has no date: give one of gregorian, hijri, announced"
                : $"the holiday has several dates: {string.Join(", ", given)}");
            return null;
        }

        return nodes switch
        {
            [{ } node, _, _] => Yearly(new PolicyScope(node, scope.Errors), hijri: false, (month, day, days) => new Holiday.Gregorian(name, month, day, days)),
            [_, { } node, _] => Yearly(new PolicyScope(node, scope.Errors), hijri: true, (month, day, days) => new Holiday.Hijri(name, month, day, days)),
            [_, _, { } node] => Announced(new PolicyScope(node, scope.Errors), (from, to) => new Holiday.Announced(name, from, to)),
            _ => null,
        };
    }

    private static Holiday Yearly(PolicyScope scope, bool hijri, Func<int, int, int, Holiday> make)
    {
        var month = scope.Whole("month", 1, 12);
        var day = scope.Whole("day", 1, hijri ? 30 : 31);
        var days = scope.Node.Member("days") is null ? Endless(scope, "days") : scope.Whole("days", 1, 30);
        scope.Done();
        if (!hijri && day > DateTime.DaysInMonth(2024, month))
        {
            scope.Error("day", PolicyScope.Invariant($"month {month} has no day {day}"));
        }

        return make(month, day, days);
    }

    private static Holiday Announced(PolicyScope scope, Func<DateOnly, DateOnly, Holiday> make)
    {
        var from = Date(scope, "from");
        var to = scope.Node.Member("to") is null ? from.AddDays(Endless(scope, "to")) : Date(scope, "to");
        scope.Done();
        if (to < from)
        {
            scope.Error("to", PolicyScope.Invariant($"the holiday ends ({to:yyyy-MM-dd}) before it begins ({from:yyyy-MM-dd})"));
        }
        else if (to.DayNumber - from.DayNumber >= 60)
        {
            scope.Error("to", PolicyScope.Invariant($"the holiday lasts {to.DayNumber - from.DayNumber + 1} days; at most 60 are believed"));
        }

        return make(from, to);
    }

    private static int Endless(PolicyScope scope, string member)
    {
        scope.Optional(member, NodeKind.Null);
        scope.Errors.Add(scope.Node, $"the holiday never ends: the member '{member}' is missing");
        return 1;
    }

    private static HijriCorrection Correction(PolicyScope scope)
    {
        var year = scope.Whole("year", 1400, 1500);
        var month = scope.Whole("month", 1, 12);
        var first = Date(scope, "firstDay");
        scope.Done();
        var computed = DateOnly.FromDateTime(s_hijri.ToDateTime(year, month, 1, 0, 0, 0, 0));
        if (scope.Node.Member("firstDay") is { Kind: NodeKind.Text } && Math.Abs(computed.DayNumber - first.DayNumber) > 1)
        {
            scope.Error("firstDay", PolicyScope.Invariant(
                $"month {month} of {year} begins on {computed:yyyy-MM-dd} by Umm al-Qura; a correction moves it by one day at most"));
        }

        return new HijriCorrection(year, month, first);
    }

    public static TimeOnly Time(PolicyScope scope, string name) =>
        TimeOnly.TryParseExact(
            scope.Text(name, TimePattern(), "a time from 00:00 to 23:59"), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : TimeOnly.MinValue;

    private static DateOnly Date(PolicyScope scope, string name)
    {
        var text = scope.Text(name, DatePattern(), "a Gregorian date such as 2026-03-20");
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 1980 and <= 2077)
        {
            return date;
        }

        if (text.Length > 0)
        {
            scope.Error(name, $"there is no date {text} between 1980 and 2077");
        }

        return new DateOnly(2000, 1, 1);
    }

    [GeneratedRegex("^[A-Z][A-Za-z_]*(/[A-Za-z0-9_+-]+)*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ZonePattern();

    [GeneratedRegex("^([01][0-9]|2[0-3]):[0-5][0-9]\\z", RegexOptions.CultureInvariant)]
    private static partial Regex TimePattern();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex DatePattern();
}
