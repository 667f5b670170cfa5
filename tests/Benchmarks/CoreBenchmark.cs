using System.Diagnostics;
using Serverless940.Core.Messages;
using Serverless940.Core.Notifications;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Policies;

namespace Serverless940.Benchmarks;

/// <summary>
/// The core alone: every report of a real half-year, taken in, escalated as long as it stayed open, mended, checked and
/// rated; each command decided, its events applied and its notifications planned, on one thread.
/// </summary>
internal static class CoreBenchmark
{
    private const int Demanded = 100_000;
    private const int MostTicks = 12;

    private static readonly NotificationLinks _links = new("https://940.gov.example/s/AbCdEfGhIjK", "https://940.gov.example/staff?report=26114839271504");
    private static readonly Actor _fixer = new(ActorKind.Staff, "fixer", "field");
    private static readonly Actor _checker = new(ActorKind.Staff, "checker", "verifier");

    public static Task<IReadOnlyList<Row>> RunAsync()
    {
        var policy = PolicyFolder.Read("policies/eastern-province").Policy ?? throw new InvalidOperationException("The example policy cannot be used.");
        var lives = BostonLives.Read(policy);
        for (var warm = 0; warm < 2; warm++)
        {
            Replay(lives, policy);
        }

        var rates = new List<(double Wall, double Cpu)>();
        var commands = 0;
        for (var round = 0; round < 5; round++)
        {
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            var started = Stopwatch.GetTimestamp();
            commands = Replay(lives, policy);
            rates.Add((commands / Stopwatch.GetElapsedTime(started).TotalSeconds, commands / (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds));
        }

        // What a busy machine takes away by the clock is no cost of the core; the processor's time holds the collector's too.
        var rate = Measure.Median(rates.Select(pair => pair.Cpu));
        return Task.FromResult<IReadOnlyList<Row>>(
        [
            new Row(
                $"core, {lives.Count:#,0} reports, {commands:#,0} commands", $"{Row.Text(rate)} a CPU second, {Row.Text(Measure.Median(rates.Select(pair => pair.Wall)))}/s by the clock",
                null, null, $">= {Demanded:#,0} a second on one core", rate >= Demanded),
        ]);
    }

    private static int Replay(IReadOnlyList<Life> lives, Policy policy)
    {
        var commands = 0;
        foreach (var life in lives)
        {
            commands += Replay(life, policy);
        }

        return commands;
    }

    private static int Replay(Life life, Policy policy)
    {
        var replay = new ReportReplay(policy);
        replay.Do(life.Submit, life.Submit.At);
        for (var ticks = 0; ticks < MostTicks && replay.Report!.NextDue is { } due && due < life.Until; ticks++)
        {
            replay.Do(new Tick { Number = life.Number, CommandId = "tick", At = due, Actor = Actor.System, DueAt = due }, due);
        }

        if (life.Closes)
        {
            Close(life, replay, policy);
        }

        return replay.Commands;
    }

    private static void Close(Life life, ReportReplay replay, Policy policy)
    {
        var at = life.Until;
        if (replay.Report!.Status == ReportStatus.Assigned)
        {
            replay.Do(new Start { Number = life.Number, CommandId = "start", At = at, Actor = _fixer }, at);
        }

        var proof = policy.Categories[replay.Report.Category].ProofRequired;
        if (proof)
        {
            replay.Do(new AddAttachment { Number = life.Number, CommandId = "proof", At = at, Actor = _fixer, Attachment = life.Proof }, at);
        }

        replay.Do(new Resolve("تمت المعالجة", proof ? [life.Proof.Id] : null) { Number = life.Number, CommandId = "resolve", At = at, Actor = _fixer }, at);
        replay.Do(new Verify(true, null) { Number = life.Number, CommandId = "verify", At = at, Actor = _checker }, at);
        replay.Do(new Rate { Number = life.Number, CommandId = "rate", At = at, Actor = Actor.Citizen, Quality = 5, Speed = 4, Solved = Solved.Yes }, at);
    }

    /// <summary>One report's life through the core, as the app drives it.</summary>
    private sealed class ReportReplay(Policy policy)
    {
        public Report? Report { get; private set; }

        public int Commands { get; private set; }

        public void Do(ReportCommand command, DateTimeOffset now)
        {
            Commands++;
            if (ReportDecider.Decide(Report, command, policy, now) is not Decision.Accepted accepted)
            {
                throw new InvalidOperationException($"{command.GetType().Name} was not accepted in {Report?.Status}.");
            }

            var events = new List<RecordedEvent>(accepted.Events.Count);
            foreach (var body in accepted.Events)
            {
                var recorded = new RecordedEvent(command.Number, (Report?.Version ?? 0) + 1, now, command.Actor, policy.Version, body);
                Report = ReportHistory.Apply(Report, recorded);
                events.Add(recorded);
            }

            NotificationPlanner.Plan(Report!, events, policy, _links);
        }
    }
}
