using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Benchmarks;

/// <summary>Taking reports in: beside bare durable inserts of the same bytes into the bus's own file.</summary>
internal static class AcceptBenchmark
{
    private const int Workers = 16;
    private const int Reports = 1500;
    private static readonly TimeSpan _round = TimeSpan.FromSeconds(2);

    /// <summary>As fast as reports are taken while nobody works on them.</summary>
    public static async Task<IReadOnlyList<Row>> PausedAsync()
    {
        await using var app = await AppFixture.StartAsync(settings: new Dictionary<string, string?>
        {
            ["RateLimit__PerMinute"] = "10000000",
            ["AzureWebJobs.HandleReportCommand.Disabled"] = "true",
            ["AzureWebJobs.EscalationTick.Disabled"] = "true",
            ["AzureWebJobs.SweepOutbox.Disabled"] = "true",
            ["AzureWebJobs.EscalationSecondLook.Disabled"] = "true",
        });
        await new CitizenDriver(app).ReportAsync();
        var bytes = await MessageAsync(app);
        using var load = await Load.ConnectAsync(app.Local.BaseAddress!);
        await load.RateAsync(TimeSpan.FromSeconds(6));
        await BareAsync(app, bytes, alone: false);
        var (ours, single, shared) = (new Cost(), new Cost(), new Cost());
        var rates = new List<(double Ours, double Single, double Shared)>();
        for (var round = 0; round < 7; round++)
        {
            rates.Add((
                await ours.OfAsync(_round, () => load.RateAsync(_round)),
                await single.OfAsync(_round, () => BareAsync(app, bytes, alone: true)),
                await shared.OfAsync(_round, () => BareAsync(app, bytes, alone: false))));
        }

        var accepted = Row.Text(Measure.Median(rates.Select(rate => rate.Ours))) + "/s";
        var ratio = Measure.Median(rates.Select(rate => rate.Ours / rate.Single));
        return
        [
            new Row(
                "accept, 16 at once, consumers paused", $"{accepted}, {ours} CPU us each with the client",
                $"{Row.Text(Measure.Median(rates.Select(rate => rate.Single)))}/s durable inserts of the same {bytes.Length} bytes, {single} CPU us each",
                Row.Text(ratio), ">= 0.5", ratio >= 0.5),
            new Row(
                "the same, flushes shared", accepted,
                $"{Row.Text(Measure.Median(rates.Select(rate => rate.Shared)))}/s when 16 at once share a flush, {shared} CPU us each",
                Row.Text(Measure.Median(rates.Select(rate => rate.Ours / rate.Shared))), null, null),
        ];
    }

    /// <summary>Reports a second from the first request until nothing is left to do, the confirmations sent.</summary>
    public static async Task<IReadOnlyList<Row>> SustainedAsync()
    {
        await using var app = await AppFixture.StartAsync(settings: new Dictionary<string, string?> { ["RateLimit__PerMinute"] = "10000000" });
        using var load = await Load.ConnectAsync(app.Local.BaseAddress!);
        var table = app.Services.GetRequiredService<TableServiceClient>().GetTableClient(Names.Tables.Board);
        var text = new string('x', 1000);
        var pair = await Measure.AlternateAsync(
            3,
            async () =>
            {
                var started = Stopwatch.GetTimestamp();
                await load.SendAsync(Reports);
                await app.QuietAsync();
                return Reports / Stopwatch.GetElapsedTime(started).TotalSeconds;
            },
            () => Measure.RateOfAsync(Workers, 4000, _ =>
                table.AddEntityAsync(new TableEntity(Guid.NewGuid().ToString("N"), "row") { ["Text"] = text }, CancellationToken.None)));
        return
        [
            new Row(
                "sustained, consumers running, to the last text", Row.Text(pair.Ours) + "/s", Row.Text(pair.Floor) + "/s bare inserts of 1 KB into Azurite",
                Row.Text(pair.Ratio), null, null),
        ];
    }

    private static Task<double> BareAsync(AppFixture app, byte[] bytes, bool alone) =>
        Measure.RateAsync(Workers, _round, _ => app.Broker.RawAppendAsync(bytes, alone));

    /// <summary>What the bus keeps of one report: its body and its envelope.</summary>
    private static async Task<byte[]> MessageAsync(AppFixture app)
    {
        var client = app.Services.GetRequiredService<ServiceBusClient>();
        await using var receiver = await client.AcceptNextSessionAsync(Names.Queues.Commands);
        var message = await receiver.ReceiveMessageAsync() ?? throw new InvalidOperationException("The report is not on the bus.");
        return [.. message.Body.ToArray(), .. Encoding.UTF8.GetBytes(message.MessageId + message.SessionId + message.Subject + message.ContentType)];
    }

    /// <summary>The processor's time that an operation takes, over all rounds.</summary>
    private sealed class Cost
    {
        private double _operations;
        private TimeSpan _time;

        public async Task<double> OfAsync(TimeSpan duration, Func<Task<double>> rate)
        {
            using var process = Process.GetCurrentProcess();
            var before = process.TotalProcessorTime;
            var measured = await rate();
            process.Refresh();
            _time += process.TotalProcessorTime - before;
            _operations += measured * duration.TotalSeconds;
            return measured;
        }

        public override string ToString() => Row.Text(_time.TotalMicroseconds / _operations);
    }

    /// <summary>Sixteen connections that post a report each.</summary>
    private sealed class Load : IDisposable
    {
        private readonly RawHttp[] _connections = [.. Enumerable.Range(0, Workers).Select(_ => new RawHttp())];
        private byte[] _request = [];

        public static async Task<Load> ConnectAsync(Uri address)
        {
            var load = new Load { _request = RawHttp.Post(address, "/api/reports", "application/json", JsonSerializer.SerializeToUtf8Bytes(CitizenDriver.Pole())) };
            foreach (var connection in load._connections)
            {
                await connection.ConnectAsync(address);
            }

            return load;
        }

        public Task<double> RateAsync(TimeSpan duration) => Measure.RateAsync(Workers, duration, PostAsync);

        public Task SendAsync(int count)
        {
            var left = count;
            return Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    await PostAsync(worker);
                }
            })));
        }

        public void Dispose()
        {
            foreach (var connection in _connections)
            {
                connection.Dispose();
            }
        }

        private async Task PostAsync(int worker)
        {
            var status = await _connections[worker].SendAsync(_request);
            if (status != 202)
            {
                throw new InvalidOperationException($"A report was answered with {status}.");
            }
        }
    }
}
