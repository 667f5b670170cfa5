using System.Globalization;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless940.Functions.Escalation;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Storage;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Speed;

/// <summary>
/// Runs the timer's function over an index of any size and counts what it asks for. The clock stands at noon, UTC, so
/// that a minute never crosses a day by chance.
/// </summary>
public sealed class TickCounter : IAsyncDisposable
{
    public const int Shards = DueIndex.Shards;

    private readonly AppFixture _app;
    private readonly OperationLog _log;
    private readonly DueIndex _index;
    private readonly Clock _clock = new(new DateTimeOffset(2026, 3, 3, 12, 0, 0, TimeSpan.Zero));
    private readonly DateTimeOffset _firstDue;
    private int _number;

    private TickCounter(AppFixture app, OperationLog log, TimeSpan calm)
    {
        _app = app;
        _log = log;
        _firstDue = _clock.Now + calm;
        _index = app.Services.GetRequiredService<DueIndex>();
    }

    /// <summary>Reports that are open and not yet due.</summary>
    public int Open { get; private set; }

    /// <summary>Starts an app in which nothing but this counter ticks, with a watermark already set.</summary>
    /// <param name="calm">How long none of the open reports falls due by itself.</param>
    public static async Task<TickCounter> StartAsync(TimeSpan calm)
    {
        var (app, log) = await OperationLog.StartAsync("EscalationTick", "EscalationSecondLook", "SweepOutbox", "HandleReportCommand");
        var counter = new TickCounter(app, log, calm);
        await counter.TickAsync(due: 10, after: TimeSpan.Zero);
        return counter;
    }

    /// <summary>Adds reports until so many are open, due one after the other for up to 30 days.</summary>
    public async Task OpenAsync(int open)
    {
        var table = _app.Services.GetRequiredService<TableServiceClient>().GetTableClient(Names.Tables.Due);
        var rows = Enumerable.Range(Open, open - Open).Select(Row).GroupBy(row => row.PartitionKey, StringComparer.Ordinal)
            .SelectMany(group => group.Chunk(100));
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (chunk, cancellationToken) =>
            await table.SubmitTransactionAsync(chunk.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken));
        Open = open;
        await RequireReadableAsync();
    }

    /// <summary>Lets time pass, makes some reports due in it, and ticks once.</summary>
    /// <returns>What the tick asked for.</returns>
    public async Task<IReadOnlyList<string>> TickAsync(int due, TimeSpan after)
    {
        var from = _clock.Now;
        _clock.Now += after;
        for (var i = 0; i < due; i++)
        {
            // Written as its projection writes it, at a time before it was due.
            var at = _clock.Now - TimeSpan.FromSeconds(i + 1);
            await _index.AddAsync(new DueEntry(Number(), at), at - DueIndex.Lead - TimeSpan.FromSeconds(1), CancellationToken.None);
        }

        _log.Clear();
        var waiting = _app.Broker.Counts(Names.Queues.Commands).Active;
        var tick = new EscalationTick(_index, _app.Services.GetRequiredService<BusSender>(), _clock, NullLogger<EscalationTick>.Instance);
        await tick.RunAsync(new TimerInfo(), CancellationToken.None);
        var sent = _app.Broker.Counts(Names.Queues.Commands).Active - waiting;
        return after == TimeSpan.Zero || sent == due
            ? [.. _log.Operations.Where(operation => !IsWaiting(operation)).Select(operation => operation.Name)]
            : throw new InvalidOperationException($"{sent} commands for {due} due since {from:O}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _log.Dispose();
    }

    // Triggers that wait for messages are no part of a tick.
    private static bool IsWaiting(Operation operation) => operation.Name.StartsWith("bus accept", StringComparison.Ordinal)
        || operation.Name.StartsWith("bus receive", StringComparison.Ordinal);

    private TableEntity Row(int index)
    {
        var at = _firstDue + TimeSpan.FromSeconds(index * 26);
        var number = Number();
        var partition = string.Create(CultureInfo.InvariantCulture, $"{Keys.Day(at)}|{Keys.Shard(number, Shards)}");
        return new TableEntity(partition, $"{Keys.Instant(at)}|{number}") { ["DueAt"] = at };
    }

    // The rows above are only worth something if the index would find them when their time comes.
    private async Task RequireReadableAsync()
    {
        var found = 0;
        for (var shard = 0; shard < Shards; shard++)
        {
            await foreach (var _ in _index.ReadAsync(shard, _firstDue.AddSeconds(-1), _firstDue.AddMinutes(10), CancellationToken.None))
            {
                found++;
            }
        }

        if (found != Math.Min(Open, 24))
        {
            throw new InvalidOperationException($"The index finds {found} of its own rows.");
        }
    }

    private string Number() => string.Create(CultureInfo.InvariantCulture, $"26{++_number:000000000000}");

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
