using System.Globalization;
using Serverless940.Core.Insights;
using Serverless940.Core.Policies;

namespace Serverless940.Simulator;

/// <summary>What the command line asks for.</summary>
/// <param name="Recorded">Whether reports are closed when the file says, instead of by the model of teams.</param>
internal sealed record Options(
    string Policy, string Input, string? Compare, bool Recorded, int Crews, double Hours, KpiGroupBy GroupBy, DateTimeOffset? Until)
{
    public const string Usage = """
        Replays a CSV of past requests through the centre's core under a policy and prints the figures it would have had.

        dotnet run -c Release --project tests/Simulator -- --policy DIR --input CSV [options]
          --compare DIR      a second policy, beside the first
          --work recorded    closes when the file says (the default with one policy when the file says so for any)
          --work teams       crews work the reports off (the default with two policies)
          --crews N          crews of a department in a municipality for which the policy names no team (2)
          --hours H          median hours of a job (1.5)
          --group-by D       municipality, department, category, channel, priority or month (municipality)
          --until TIME       when to take the figures (the end of the last day on which something was received)
        CSV: number,received,closed,category,municipality,channel,lat,lon,text; or Open311's columns; or Boston's. May be .gz.
        """;

    /// <exception cref="FormatException">The command line is not understood.</exception>
    public static Options Read(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (args[i] is not ("--policy" or "--input" or "--compare" or "--work" or "--crews" or "--hours" or "--group-by" or "--until") || i + 1 == args.Length)
            {
                throw new FormatException($"'{args[i]}' is not understood.");
            }

            values[args[i]] = args[i + 1];
        }

        var compare = values.GetValueOrDefault("--compare");
        return new Options(
            values.GetValueOrDefault("--policy") ?? throw new FormatException("--policy is missing."),
            values.GetValueOrDefault("--input") ?? throw new FormatException("--input is missing."),
            compare,
            values.GetValueOrDefault("--work") switch
            {
                null => compare is null,
                "recorded" => true,
                "teams" => false,
                var other => throw new FormatException($"--work is recorded or teams, not {other}."),
            },
            int.Parse(values.GetValueOrDefault("--crews") ?? "2", NumberStyles.None, CultureInfo.InvariantCulture),
            double.Parse(values.GetValueOrDefault("--hours") ?? "1.5", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture),
            Enum.TryParse<KpiGroupBy>(values.GetValueOrDefault("--group-by") ?? "municipality", ignoreCase: true, out var groupBy) && groupBy is not (KpiGroupBy.None or KpiGroupBy.Day or KpiGroupBy.Week)
                ? groupBy : throw new FormatException("--group-by is municipality, department, category, channel, priority or month."),
            values.GetValueOrDefault("--until") is { } until ? DateTimeOffset.Parse(until, CultureInfo.InvariantCulture) : null);
    }

    /// <exception cref="InvalidDataException">The policy cannot be used; the message has every reason.</exception>
    public static Policy ReadPolicy(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(path => new PolicyFile(Path.GetFileName(path), File.ReadAllBytes(path))).ToList();
        var result = PolicyReader.Read(files);
        return result.Policy ?? throw new InvalidDataException($"The policy in {folder} cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, result.Errors)}");
    }
}
