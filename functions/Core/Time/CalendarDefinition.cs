namespace Serverless940.Core.Time;

/// <summary>
/// A working calendar (تقويم الدوام) as policy data: the weekly shifts, the Ramadan hours and the holidays. Local times
/// are wall-clock times of <see cref="TimeZone"/>.
/// </summary>
/// <param name="Id">Name by which departments and ladders refer to it.</param>
/// <param name="TimeZone">IANA name, e.g. <c>Asia/Riyadh</c>.</param>
/// <param name="Weekly">Shifts of the ordinary week; a day may have several (a split shift) or none.</param>
/// <param name="Ramadan">Shifts that replace the ordinary ones in Ramadan; <see langword="null"/> when they do not change.</param>
/// <param name="Holidays">Days off, in either calendar.</param>
/// <param name="HijriCorrections">Announced corrections of a Hijri month's first day against Umm al-Qura.</param>
public sealed record CalendarDefinition(
    string Id,
    string TimeZone,
    IReadOnlyList<Shift> Weekly,
    IReadOnlyList<Shift>? Ramadan,
    IReadOnlyList<Holiday> Holidays,
    IReadOnlyList<HijriCorrection> HijriCorrections);

/// <summary>A shift (وردية) of one weekday; <paramref name="End"/> at or before <paramref name="Start"/> runs past midnight.</summary>
public sealed record Shift(DayOfWeek Day, TimeOnly Start, TimeOnly End);

/// <summary>
/// A holiday (إجازة رسمية): a fixed Gregorian day each year, a Hijri range each year, or one announced Gregorian range.
/// </summary>
/// <param name="Name">Name per language.</param>
public abstract record Holiday(Text.LocalizedText Name)
{
    /// <summary>The same Gregorian month and day each year, for <paramref name="Days"/> days (1 to 30).</summary>
    public sealed record Gregorian(Text.LocalizedText Name, int Month, int Day, int Days) : Holiday(Name);

    /// <summary>The same Hijri month and day each year, for <paramref name="Days"/> days (1 to 30).</summary>
    public sealed record Hijri(Text.LocalizedText Name, int Month, int Day, int Days) : Holiday(Name);

    /// <summary>An announced range of dates, both ends included (at most 60 days).</summary>
    public sealed record Announced(Text.LocalizedText Name, DateOnly From, DateOnly To) : Holiday(Name);
}

/// <summary>The announced first day of a Hijri month, where it differs from Umm al-Qura (by a day, either way).</summary>
public sealed record HijriCorrection(int Year, int Month, DateOnly FirstDay);
