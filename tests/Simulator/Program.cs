using System.Diagnostics;
using System.Globalization;
using Serverless940.Simulator;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length == 0 || args is ["--help" or "-h"])
{
    Console.WriteLine(Options.Usage);
    return args.Length == 0 ? 2 : 0;
}

try
{
    var options = Options.Read(args);
    var runs = new List<(string Name, SimulationResult Result)>();
    foreach (var folder in new[] { options.Policy, options.Compare }.OfType<string>())
    {
        var policy = Options.ReadPolicy(folder);
        var requests = PastRequests.Read(options.Input, policy);
        var zone = policy.Calendars[policy.City.Calendar].Zone;
        var lastDay = TimeZoneInfo.ConvertTime(requests.Max(request => request.OpenedAt), zone).Date;
        var until = options.Until ?? new DateTimeOffset(lastDay.AddDays(1), zone.GetUtcOffset(lastDay.AddDays(1)));
        var teams = options.Recorded && requests.Any(request => request.ClosedAt is not null) ? null : new Teams(policy, options.Crews, options.Hours);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var started = Stopwatch.GetTimestamp();
        var result = new Simulation(policy, teams).Run(requests, until, options.GroupBy, Output.Bar(name));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine($"{name}: {result.Requests:#,0} requests, {result.Commands:#,0} commands in {seconds:0.0} s, {(teams is null ? "closed as recorded" : "worked off by teams")}, as of {until:yyyy-MM-dd HH:mm zzz}");
        Console.WriteLine();
        Output.Groups(result.Report, options.GroupBy, policy);
        runs.Add((name, result));
    }

    Output.Totals(runs);
    Console.WriteLine("Times are working time, within 5 %; what is still open counts for as long as it has lasted.");
    return 0;
}
catch (Exception exception) when (exception is FormatException or InvalidDataException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
