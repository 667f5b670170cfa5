namespace Serverless940.Core.Insights;

/// <summary>Rows of counts in memory: what a simulation adds up, and what was read for a question.</summary>
public sealed class KpiBook
{
    private readonly Dictionary<KpiRow, CellCounts> _rows = [];

    public IReadOnlyDictionary<KpiRow, CellCounts> Rows => _rows;

    public void Add(IReadOnlyList<KpiDelta> deltas)
    {
        ArgumentNullException.ThrowIfNull(deltas);
        foreach (var delta in deltas)
        {
            Row(delta.Row).Add(delta.Cell, delta.Key, delta.By);
        }
    }

    /// <summary>Adds a row that was stored in pieces.</summary>
    public void Add(KpiRow row, CellCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (_rows.TryAdd(row, counts))
        {
            return;
        }

        var sum = _rows[row];
        foreach (var cell in counts.Cells)
        {
            foreach (var (key, count) in counts.Of(cell))
            {
                sum.Add(cell, key, count);
            }
        }
    }

    private CellCounts Row(KpiRow row) => _rows.TryGetValue(row, out var counts) ? counts : _rows[row] = new CellCounts();
}
