using System.Diagnostics;
using Serverless940.Core.Classification;
using Serverless940.Core.Geo;
using Serverless940.Core.Policies;
using Serverless940.Core.Routing;
using Serverless940.Functions.Platform.Policies;
using Serverless940.Tests.Shared;

namespace Serverless940.Benchmarks;

/// <summary>How well and how fast a report's words are read, with the full policy; prints the confusion matrix of both parts.</summary>
internal static class ClassifyBenchmark
{
    private const double DemandedMicroseconds = 50;
    private const double DemandedRight = 0.6;

    public static Task<IReadOnlyList<Row>> RunAsync()
    {
        var policy = PolicyFolder.Read("policies/eastern-province").Policy ?? throw new InvalidOperationException("The example policy cannot be used.");
        var tuned = Figures("Tuned on", policy, heldOut: false);
        var held = Figures("Held out", policy, heldOut: true);
        var texts = SentenceSet.All.Select(sentence => sentence.Text).ToList();
        var hostile = string.Concat(Enumerable.Repeat("ماء شارع حفرة عمود ", 210));
        var (each, whole) = (Microseconds(policy, texts), Microseconds(policy, [hostile]));
        var longer = Microseconds(policy, [string.Concat(Enumerable.Repeat(hostile, 8))]);
        return Task.FromResult<IReadOnlyList<Row>>(
        [
            new Row($"classify, {tuned.Count} sentences tuned on", Quality(tuned), null, null, null, null),
            new Row($"classify, {held.Count} sentences held out", Quality(held), null, null, $">= {DemandedRight:P0} right", held.Right >= DemandedRight),
            new Row("route and classify a report", $"{Row.Text(each)} µs", null, null, $"<= {DemandedMicroseconds} µs", each <= DemandedMicroseconds),
            new Row("classify 4,000 hostile characters", $"{Row.Text(whole)} µs", null, null, null, null),
            new Row("classify 32,000 of them", $"{Row.Text(longer)} µs", $"{Row.Text(whole)} µs", Row.Text(longer / whole), "about 8", longer / whole < 12),
        ]);
    }

    private static ClassificationFigures Figures(string title, Policy policy, bool heldOut)
    {
        var figures = new ClassificationFigures(SentenceSet.All.Where(sentence => sentence.HeldOut == heldOut), text =>
        {
            var reading = Classifier.Classify(policy, text);
            return new ClassifierAnswer(reading.Category, reading.Offered(policy.Classification.Offer), reading.Hazards.Count > 0);
        });
        Console.Error.WriteLine($"{title}: {figures}");
        figures.PrintMatrix(Console.Error);
        return figures;
    }

    private static string Quality(ClassificationFigures figures) =>
        $"{figures.Right:P1} right, {figures.RightOrOffered:P1} right or offered, {figures.WrongOfDecided:P1} of the decided wrong, {figures.HazardsRaised:P1} of hazards raised, {figures.FalseAlarms:P1} false alarms";

    // The processor's time of one thread: what a busy machine takes away is no cost of ours.
    private static double Microseconds(Policy policy, IReadOnlyList<string> texts)
    {
        var category = policy.Categories[policy.Intake.DefaultCategory];
        var rounds = Math.Max(1, 20_000 / texts.Count / Math.Max(1, texts[0].Length / 100));
        var figures = new List<double>();
        for (var round = 0; round < 6; round++)
        {
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            for (var i = 0; i < rounds; i++)
            {
                foreach (var text in texts)
                {
                    var reading = Classifier.Classify(policy, text);
                    var place = new Place { Point = new GeoPoint(26.40 + (text.Length % 50 * 0.001), 50.05) };
                    Router.Route(policy, place, reading.Category is { } code ? policy.Categories[code] : category);
                }
            }

            figures.Add((Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMicroseconds / rounds / texts.Count);
        }

        return Measure.Median(figures.Skip(1));
    }
}
