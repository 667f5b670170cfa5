using Serverless940.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks -- [name ...]
var benchmarks = new Dictionary<string, Func<Task<IReadOnlyList<Row>>>>(StringComparer.OrdinalIgnoreCase)
{
    ["core"] = CoreBenchmark.RunAsync,
    ["classify"] = ClassifyBenchmark.RunAsync,
    ["insights"] = InsightsBenchmark.RunAsync,
    ["webhook"] = WebhookBenchmark.RunAsync,
    ["path"] = PathBenchmark.RunAsync,
    ["tick"] = TickBenchmark.RunAsync,
    ["accept"] = AcceptBenchmark.PausedAsync,
    ["sustained"] = AcceptBenchmark.SustainedAsync,
    ["photo"] = PhotoBenchmark.RunAsync,
    ["start"] = StartBenchmark.RunAsync,
};
var names = args is [] or ["all"] ? [.. benchmarks.Keys] : args;
if (names.FirstOrDefault(name => !benchmarks.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'; there are {string.Join(", ", benchmarks.Keys)} and all.");
    return 2;
}

var rows = new List<Row>();
foreach (var name in names)
{
    Console.Error.WriteLine($"{name} ...");
    rows.AddRange(await benchmarks[name]());
}

Row.Print(rows, Console.Out);
return rows.TrueForAll(row => row.Holds != false) ? 0 : 1;
