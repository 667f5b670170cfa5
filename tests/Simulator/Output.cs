using System.Globalization;
using Serverless940.Core.Insights;
using Serverless940.Core.Policies;

namespace Serverless940.Simulator;

/// <summary>Tables and the bar, as plain text.</summary>
internal static class Output
{
    private static readonly (string Name, Func<KpiFigures, double?> Value, Func<double?, string> Write)[] s_figures =
    [
        ("received", figures => figures.Received, Whole),
        ("closed of them", figures => figures.ClosedOfReceived, Whole),
        ("open", figures => figures.Open, Whole),
        ("overdue", figures => figures.Overdue, Whole),
        ("referred", figures => figures.Referred, Whole),
        ("first response, median", figures => figures.FirstResponse.Median, Time),
        ("first response, 90 %", figures => figures.FirstResponse.P90, Time),
        ("time to close, median", figures => figures.TimeToClose.Median, Time),
        ("time to close, 90 %", figures => figures.TimeToClose.P90, Time),
        ("on time", figures => figures.OnTime.Share, Percent),
        ("on time, of", figures => figures.OnTime.Denominator, Whole),
        .. Enumerable.Range(1, 4).Select(level => (
            $"escalations to level {level}", (Func<KpiFigures, double?>)(figures => figures.Escalations.GetValueOrDefault(level)), (Func<double?, string>)Whole)),
    ];

    /// <summary>A bar on one line, drawn over and over; nothing where the output is no terminal.</summary>
    public static Action<double> Bar(string title)
    {
        var drawn = -1;
        return Console.IsErrorRedirected ? _ => { } : done =>
        {
            var filled = (int)(done * 40);
            if (filled != drawn)
            {
                drawn = filled;
                Console.Error.Write($"\r{title} [{new string('#', filled)}{new string('.', 40 - filled)}] {done,4:P0}{(done >= 1 ? "\n" : "")}");
            }
        };
    }

    /// <summary>The whole, one column a policy, and how far the second is from the first.</summary>
    public static void Totals(IReadOnlyList<(string Name, SimulationResult Result)> runs)
    {
        var rows = s_figures.Select(figure =>
        {
            var values = runs.Select(run => figure.Value(run.Result.Report.Total.Figures)).ToList();
            var cells = values.Select(figure.Write).Prepend(figure.Name).ToList();
            if (values.Count == 2)
            {
                cells.Add(values is [> 0 and var first, { } second] ? ((second - first) / first).ToString("+0.0 %;-0.0 %;=", CultureInfo.InvariantCulture) : "");
            }

            return cells;
        });
        Table([.. runs.Select(run => run.Name).Prepend(""), .. runs.Count == 2 ? ["second to first"] : Array.Empty<string>()], rows);
    }

    /// <summary>One line a group.</summary>
    public static void Groups(KpiReport report, KpiGroupBy by, Policy policy) => Table(
        [by.ToString().ToLowerInvariant(), "received", "closed", "open", "overdue", "close, median", "close, 90 %", "on time", "of"],
        report.Groups.Select(group => new List<string>
        {
            KpiNames.Of(by, group.Key, policy, "en"), Whole(group.Figures.Received), Whole(group.Figures.ClosedOfReceived), Whole(group.Figures.Open), Whole(group.Figures.Overdue),
            Time(group.Figures.TimeToClose.Median), Time(group.Figures.TimeToClose.P90), Percent(group.Figures.OnTime.Share), Whole(group.Figures.OnTime.Denominator),
        }));

    private static void Table(IReadOnlyList<string> header, IEnumerable<List<string>> rows)
    {
        var all = rows.Prepend([.. header]).ToList();
        var widths = Enumerable.Range(0, header.Count).Select(column => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
        {
            Console.WriteLine(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))).TrimEnd());
        }

        Console.WriteLine();
    }

    private static string Whole(double? value) => value?.ToString("#,0", CultureInfo.InvariantCulture) ?? "-";

    private static string Percent(double? value) => value?.ToString("0.0 %", CultureInfo.InvariantCulture) ?? "-";

    private static string Time(double? minutes) => minutes is not { } known ? "not reached"
        : known < 120 ? string.Create(CultureInfo.InvariantCulture, $"{known:0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{known / 60:0.0} h");
}
