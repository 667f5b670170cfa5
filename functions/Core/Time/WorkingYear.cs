namespace Serverless940.Core.Time;

/// <summary>The working hours of one UTC year, laid out so that a look-up costs a few comparisons. All values are UTC ticks.</summary>
internal sealed class WorkingYear
{
    private readonly long _start;
    private readonly Hours[] _hours;

    // Per UTC day: the first stretch that ends after the day began.
    private readonly ushort[] _firstOfDay;

    /// <param name="start">First tick of the year.</param>
    /// <param name="end">First tick after it.</param>
    /// <param name="stretches">Working stretches in any order; they may overlap, be empty or reach out of the year.</param>
    public WorkingYear(long start, long end, List<(long Start, long End)> stretches)
    {
        _start = start;
        _hours = Merge(start, end, stretches);
        Total = _hours.Length == 0 ? 0 : _hours[^1].Before + _hours[^1].End - _hours[^1].Start;
        _firstOfDay = new ushort[(int)((end - start) / TimeSpan.TicksPerDay) + 1];
        var next = 0;
        for (var day = 0; day < _firstOfDay.Length; day++)
        {
            while (next < _hours.Length && _hours[next].End <= start + (day * TimeSpan.TicksPerDay))
            {
                next++;
            }

            _firstOfDay[day] = (ushort)next;
        }
    }

    /// <summary>Working ticks of the whole year.</summary>
    public long Total { get; }

    /// <summary>Working ticks of this year before <paramref name="ticks"/>, which lies in it.</summary>
    public long Before(long ticks)
    {
        var index = FirstEndingAfter(ticks);
        return index == _hours.Length ? Total : _hours[index].Before + Math.Max(0, ticks - _hours[index].Start);
    }

    public bool IsOpen(long ticks)
    {
        var index = FirstEndingAfter(ticks);
        return index < _hours.Length && _hours[index].Start <= ticks;
    }

    /// <summary>The first working tick at or after <paramref name="ticks"/>; -1 when the year has no more.</summary>
    public long NextOpen(long ticks)
    {
        var index = FirstEndingAfter(ticks);
        return index == _hours.Length ? -1 : Math.Max(ticks, _hours[index].Start);
    }

    /// <summary>The earliest tick before which <paramref name="worked"/> (1 to <see cref="Total"/>) ticks were worked this year.</summary>
    public long WhenWorked(long worked)
    {
        var (low, high) = (0, _hours.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (_hours[middle].Before < worked)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return _hours[low].Start + worked - _hours[low].Before;
    }

    private int FirstEndingAfter(long ticks)
    {
        int index = _firstOfDay[(int)((ticks - _start) / TimeSpan.TicksPerDay)];
        while (index < _hours.Length && _hours[index].End <= ticks)
        {
            index++;
        }

        return index;
    }

    private static Hours[] Merge(long start, long end, List<(long Start, long End)> stretches)
    {
        stretches.Sort();
        var merged = new List<Hours>(stretches.Count);
        foreach (var stretch in stretches)
        {
            var from = Math.Max(stretch.Start, start);
            var to = Math.Min(stretch.End, end);
            if (merged.Count > 0 && from <= merged[^1].End)
            {
                merged[^1] = merged[^1] with { End = Math.Max(to, merged[^1].End) };
            }
            else if (from < to)
            {
                merged.Add(new Hours(from, to, merged.Count == 0 ? 0 : merged[^1].Before + merged[^1].End - merged[^1].Start));
            }
        }

        return [.. merged];
    }

    /// <param name="Before">Working ticks of the year before <paramref name="Start"/>.</param>
    private readonly record struct Hours(long Start, long End, long Before);
}
