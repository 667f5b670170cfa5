using System.Globalization;

namespace Serverless940.Core.Time;

/// <summary>A Hijri date (تاريخ هجري) by the civil calendar of Saudi Arabia, as <see cref="HijriMonths"/> reckons it.</summary>
/// <param name="Year">Year after the Hijra, 1318 to 1500.</param>
/// <param name="Month">1 (Muharram) to 12 (Dhu al-Hijjah).</param>
/// <param name="Day">1 to 30.</param>
public readonly record struct HijriDate(int Year, int Month, int Day)
{
    public const int Ramadan = 9;
    public const int Shawwal = 10;
    public const int DhuAlHijjah = 12;

    private static readonly string[] _arabic =
    [
        "محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة",
        "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة",
    ];

    private static readonly string[] _english =
    [
        "Muharram", "Safar", "Rabi al-Awwal", "Rabi al-Akhir", "Jumada al-Ula", "Jumada al-Akhirah",
        "Rajab", "Shaban", "Ramadan", "Shawwal", "Dhu al-Qadah", "Dhu al-Hijjah",
    ];

    /// <summary>
    /// Week of the month as people count it (الأسبوع الأول من شوال): days 1 to 7 are week 1; 29 and 30 are week 5. It does
    /// not depend on the weekday on which the month begins.
    /// </summary>
    public int WeekOfMonth => ((Day - 1) / 7) + 1;

    /// <summary>Name of a month: Arabic for <c>ar</c>, else in Latin letters.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="month"/> is not 1 to 12.</exception>
    public static string MonthName(int month, string language)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(month, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(month, 12);
        return (language == "ar" ? _arabic : _english)[month - 1];
    }

    /// <summary>Name of this month: Arabic for <c>ar</c>, else in Latin letters.</summary>
    public string MonthName(string language) => MonthName(Month, language);

    /// <summary>For readers: <c>3 رمضان 1447هـ</c> in Arabic, else <c>3 Ramadan 1447 AH</c>.</summary>
    public string Format(string language) => language == "ar"
        ? string.Create(CultureInfo.InvariantCulture, $"{Day} {MonthName(Month, language)} {Year}هـ")
        : string.Create(CultureInfo.InvariantCulture, $"{Day} {MonthName(Month, language)} {Year} AH");

    /// <summary>For keys and files: <c>1447-09-03</c>, in order when sorted as text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Month:00}-{Day:00}");
}

/// <summary>The days of a Hijri month or of one of its weeks, both ends included.</summary>
public readonly record struct DayRange(DateOnly First, DateOnly Last)
{
    /// <summary>How many days.</summary>
    public int Days => Last.DayNumber - First.DayNumber + 1;

    public bool Contains(DateOnly day) => day >= First && day <= Last;
}
