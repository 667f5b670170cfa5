using System.Globalization;
using System.Text;

namespace Serverless940.Core.Time;

/// <summary>
/// Durations as ISO 8601 writes them (<c>PT8H</c>, <c>PT90M</c>, <c>P2DT12H</c>, <c>P1W</c>). A day is 24 hours and a week
/// seven days, also where they count working time: three working days of seven hours are <c>PT21H</c>. Years and months
/// have no fixed length and are refused, as are signs and fractions of anything but seconds.
/// </summary>
public static class IsoDuration
{
    private const string _dateUnits = "WD";
    private const string _timeUnits = "HMS";

    /// <summary>Reads a duration of zero or more.</summary>
    /// <returns>Whether <paramref name="text"/> is one and fits a <see cref="TimeSpan"/>.</returns>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null || text.Length < 3 || text[0] != 'P')
        {
            return false;
        }

        decimal ticks = 0;
        var (units, used, at) = (_dateUnits, 0, 1);
        while (at < text.Length)
        {
            if (text[at] == 'T')
            {
                if (units == _timeUnits || at == text.Length - 1)
                {
                    return false;
                }

                (units, used, at) = (_timeUnits, 0, at + 1);
            }

            if (!TryPart(text, ref at, units, ref used, ref ticks))
            {
                return false;
            }
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>Reads a duration of zero or more.</summary>
    /// <exception cref="FormatException">It is not one; the message says what is taken.</exception>
    public static TimeSpan Parse(string text) => TryParse(text, out var duration)
        ? duration
        : throw new FormatException($"'{text}' is not a duration such as PT8H or P1DT12H (weeks, days, hours, minutes, seconds; no years, months or sign).");

    /// <summary>The shortest form in days, hours, minutes and seconds; zero is <c>PT0S</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is negative.</exception>
    public static string Format(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        var text = new StringBuilder("P");
        Append(text, duration.Days, 'D');
        var days = text.Length;
        Append(text, duration.Hours, 'H');
        Append(text, duration.Minutes, 'M');
        var rest = duration.Ticks % TimeSpan.TicksPerMinute;
        if (rest > 0)
        {
            text.Append(((decimal)rest / TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture)).Append('S');
        }

        return text.Length == 1 ? "PT0S" : text.Length == days ? text.ToString() : text.Insert(days, 'T').ToString();
    }

    private static void Append(StringBuilder text, int value, char unit)
    {
        if (value > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{value}").Append(unit);
        }
    }

    private static bool TryPart(string text, ref int at, string units, ref int used, ref decimal ticks)
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
        {
            at++;
        }

        var number = text.AsSpan(start, at - start);
        var unit = at < text.Length ? units.IndexOf(text[at], used) : -1;
        var fraction = number.IndexOf('.');
        if (unit < 0 || number.Length is 0 or > 20 || !char.IsAsciiDigit(number[0]) || !char.IsAsciiDigit(number[^1])
            || (fraction >= 0 && (text[at] != 'S' || number.Length - fraction > 8))
            || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        ticks += value * Length(text[at]);
        // Each unit once and in order; weeks stand alone.
        used = text[at] == 'W' ? units.Length : unit + 1;
        at++;
        return ticks <= long.MaxValue && (text[at - 1] != 'W' || at == text.Length);
    }

    private static long Length(char unit) => unit switch
    {
        'W' => 7 * TimeSpan.TicksPerDay,
        'D' => TimeSpan.TicksPerDay,
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        _ => TimeSpan.TicksPerSecond,
    };
}
