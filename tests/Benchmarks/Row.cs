using System.Globalization;

namespace Serverless940.Benchmarks;

/// <summary>One figure beside its floor.</summary>
/// <param name="Floor">What was measured beside it in the same run; <see langword="null"/> where the demand is absolute.</param>
/// <param name="Demanded">The least or most that is asked for; <see langword="null"/> for a figure that is only shown.</param>
/// <param name="Holds">Whether it is met.</param>
internal sealed record Row(string Name, string Measured, string? Floor, string? Ratio, string? Demanded, bool? Holds)
{
    public static void Print(IReadOnlyList<Row> rows, TextWriter output)
    {
        string[] head = ["benchmark", "measured", "floor", "ratio", "demanded", ""];
        var lines = rows.Select(row => new[]
        {
            row.Name, row.Measured, row.Floor ?? "", row.Ratio ?? "", row.Demanded ?? "", row.Holds switch { true => "ok", false => "UNDER", _ => "" },
        }).Prepend(["---", "---", "---", "---", "---", "---"]).Prepend(head).ToList();
        var widths = Enumerable.Range(0, head.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            output.WriteLine("| " + string.Join(" | ", line.Select((cell, column) => cell.PadRight(widths[column]))) + " |");
        }
    }

    public static string Text(double value) => value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
