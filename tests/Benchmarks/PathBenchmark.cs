using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Functions.Tests.Speed;

namespace Serverless940.Benchmarks;

/// <summary>What lies between the request and the text, by name.</summary>
internal static class PathBenchmark
{
    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var (app, log) = await OperationLog.StartAsync("EscalationTick", "EscalationSecondLook", "SweepOutbox");
        await using var _ = app;
        using var __ = log;
        await new CitizenDriver(app).ReportAsync();
        await app.QuietAsync();
        var (path, beside) = CausalPath.Of(log);
        List("On the path from the request to the text:", path);
        List("Beside it:", beside);
        return
        [
            new Row("path, request to SMS", $"{path.Count} operations", null, null, $"<= {CausalPath.Limit}", path.Count <= CausalPath.Limit),
            new Row("path, beside it", $"{beside.Count} operations", null, null, null, null),
        ];
    }

    private static void List(string title, IReadOnlyList<Operation> operations)
    {
        Console.Error.WriteLine(title);
        foreach (var (function, name) in operations)
        {
            Console.Error.WriteLine($"  {function,-24} {name}");
        }
    }
}
