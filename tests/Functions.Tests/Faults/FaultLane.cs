using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Functions.Escalation;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Storage;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Faults;

/// <summary>One report of a fault test, with a reporter of its own.</summary>
internal sealed class FaultCase(int index)
{
    /// <summary>What the caller repeats when it got no answer.</summary>
    public string Key { get; } = $"fault-case-{index:00000000}";

    public string Phone { get; } = $"+9665001{index:00000}";

    public string Number { get; set; } = "";

    public string Token { get; set; } = "";

    public string Attachment { get; set; } = "";
}

/// <summary>
/// One data folder and storage account, and the host that lives over them at the moment. Timers fire seldom, so that a
/// step's calls are its own.
/// </summary>
internal sealed class FaultLane : IAsyncDisposable
{
    private readonly AppData _data;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly Dictionary<string, string> _cookies = [];
    private CancellationTokenSource _life = new();
    private int _cases;

    private FaultLane(AppData data, IReadOnlyDictionary<string, string?> settings)
    {
        _data = data;
        _settings = settings;
    }

    public AppFixture App { get; private set; } = null!;

    public CallTap Tap { get; private set; } = null!;

    /// <summary>Cancelled when the present host is killed.</summary>
    public CancellationToken HostLife => _life.Token;

    public CitizenDriver Citizen => new(App);

    public static async Task<FaultLane> StartAsync(
        string escalation = "0 0 0 1 1 *", string sweep = "0 0 0 1 1 *", string secondLook = "0 0 0 1 1 *")
    {
        var lane = new FaultLane(await AppData.NewAsync(), new Dictionary<string, string?>
        {
            ["EscalationSchedule"] = escalation, ["SweepSchedule"] = sweep, ["SecondLookSchedule"] = secondLook,
        });
        await lane.StartHostAsync();
        foreach (var role in new[] { "field", "verifier", "dispatcher" })
        {
            using var response = await lane.App.Http.PostAsJsonAsync("/local/sign-in", new { role, user = role });
            lane._cookies[role] = response.Headers.GetValues("Set-Cookie").First().Split(';')[0];
        }

        return lane;
    }

    public FaultCase NewCase() => new(++_cases);

    /// <summary>A host over what the last one left.</summary>
    /// <param name="disabled">A function that this one does not run.</param>
    public async Task StartHostAsync(string? disabled = null)
    {
        var tap = new CallTap();
        var settings = new Dictionary<string, string?>(_settings);
        if (disabled is not null)
        {
            settings[$"AzureWebJobs.{disabled}.Disabled"] = "true";
        }

        App = await AppFixture.StartAsync(_data, tap.Configure, settings);
        App.Broker.Interceptor = tap.InterceptAsync;
        Tap = tap;
        _life.Dispose();
        _life = new CancellationTokenSource();
    }

    public async Task KillHostAsync()
    {
        await App.KillAsync();
        await _life.CancelAsync();
    }

    /// <summary>Runs a step up to a point, where the host dies.</summary>
    public async Task DieAtAsync(CallPoint point, Func<Task> act)
    {
        Tap.Begin(point);
        var acting = act();
        await Tap.Reached.WaitAsync(TimeSpan.FromMinutes(1));
        await acting;
        await KillHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _life.Dispose();
        Directory.Delete(_data.Folder, recursive: true);
    }

    /// <summary>Waits until nothing is under way, the providers' reports on what was sent included.</summary>
    public Task SettleAsync(CancellationToken cancellationToken = default) => AdvanceAsync(TimeSpan.Zero, cancellationToken);

    /// <summary>Moves business time on; all is quiet at each stop.</summary>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default)
    {
        using var response = await App.Http.PostAsJsonAsync("/local/clock", new { advance = System.Xml.XmlConvert.ToString(by) }, cancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    public Task AdvanceToAsync(DateTimeOffset instant, CancellationToken cancellationToken = default) =>
        AdvanceAsync(instant > App.Now ? instant - App.Now : TimeSpan.Zero, cancellationToken);

    /// <summary>Lets what waits in doubt wait its time out.</summary>
    public async Task PassHoldAsync()
    {
        for (var round = 0; round < 4 && App.Broker.NextScheduled is not null; round++)
        {
            await AdvanceAsync(TimeSpan.FromMinutes(11));
        }

        Assert.Null(App.Broker.NextScheduled);
    }

    public static HttpRequestMessage Submission(FaultCase report, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/reports") { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", report.Key);
        return request;
    }

    public HttpRequestMessage Command(FaultCase report, string role, object command)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/staff/reports/{report.Number}/commands") { Content = JsonContent.Create(command) };
        // The same command again is the same; another one of the same report is not.
        request.Headers.Add("Idempotency-Key", $"{report.Key}-{Core.Reports.ReportNumber.SourceHash(JsonSerializer.Serialize(command))[..16]}");
        return WithCookie(request, role);
    }

    public async Task SubmitAsync(FaultCase report, object body, CancellationToken cancellationToken = default)
    {
        var answer = await AcceptedAsync(Submission(report, body), cancellationToken);
        var number = answer.GetProperty("number").GetString()!;
        Assert.True(report.Number.Length == 0 || report.Number == number, "the same request got another number");
        (report.Number, report.Token) = (number, answer.GetProperty("token").GetString()!);
    }

    public Task CommandAsync(FaultCase report, string role, object command, CancellationToken cancellationToken = default) =>
        AcceptedAsync(Command(report, role, command), cancellationToken);

    public async Task AttachProofAsync(FaultCase report, byte[] photo, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/staff/reports/{report.Number}/attachments") { Content = new ByteArrayContent(photo) };
        request.Headers.Add("Idempotency-Key", report.Key);
        report.Attachment = (await AcceptedAsync(WithCookie(request, "field"), cancellationToken)).GetProperty("attachmentId").GetString()!;
    }

    /// <summary>Rates; a repeat may learn that the first try was counted.</summary>
    public async Task RateAsync(FaultCase report, bool again, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/reports/{report.Number}/rating")
        {
            Content = JsonContent.Create(new { quality = 1, speed = 2, solved = "no" }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", report.Token);
        using var response = await App.Http.SendAsync(request, cancellationToken);
        Assert.True(
            response.StatusCode == HttpStatusCode.Accepted || (again && response.StatusCode == HttpStatusCode.Gone),
            await response.Content.ReadAsStringAsync(cancellationToken));
    }

    public async Task<DateTimeOffset> NextDueAsync(FaultCase report) => (await FindAsync(report)).NextDue!.Value;

    /// <summary>The events of the SMS that the citizen got, in the order in which he got them.</summary>
    public async Task<IReadOnlyList<string>> SmsTagsAsync(FaultCase report) =>
        [.. (await SmsAsync(report)).Select(sms => sms.Tag)];

    public async Task<HttpResponseMessage> PostAsync(HttpRequestMessage request)
    {
        using (request)
        {
            return await App.Http.SendAsync(request);
        }
    }

    /// <summary>Everything that must hold of a report when all is quiet, whatever died on the way.</summary>
    public async Task VerifyAsync(FaultCase report, IReadOnlyList<string> steps, IReadOnlyList<string> texts, bool due)
    {
        Assert.Equal(steps, await Citizen.StepsAsync(report.Number, report.Token));
        var sent = await SmsAsync(report);
        Assert.Equal(texts.Count, sent.Count);
        Assert.Equal(sent.Count, sent.Select(sms => sms.Tag).Distinct().Count());
        Assert.All(sent, sms => Assert.StartsWith(report.Number + "|", sms.Tag, StringComparison.Ordinal));
        var rows = await RowsAsync(Names.Tables.Notifications, report.Number, string.Empty, "~");
        Assert.All(rows, row => Assert.Contains(row.GetString("State"), new[] { "Sent", "Delivered", "Read" }));
        Assert.Equal(texts.Order(), rows.Where(row => row.RowKey.EndsWith("|citizen-sms", StringComparison.Ordinal)).Select(row => row.GetString("Template")).Order());
        Assert.Empty(await RowsAsync(Names.Tables.Reports, report.Number, Keys.OutboxPrefix, Keys.After(Keys.OutboxPrefix)));
        await VerifyDueAsync(report, due);
        VerifyQueues();
    }

    /// <summary>Nothing is left on the bus, and nothing went to the dead letters.</summary>
    public void VerifyQueues()
    {
        foreach (var path in App.Broker.EntityPaths)
        {
            var counts = App.Broker.Counts(path);
            Assert.True(counts is { Active: 0, DeadLetter: 0 }, $"{path}: {counts}");
        }
    }

    /// <summary>What the sweep looks for.</summary>
    public async Task<int> HintsAsync()
    {
        var count = 0;
        for (var shard = 0; shard < PartitionStore.HintShards; shard++)
        {
            count += (await RowsAsync(Names.Tables.Hints, $"{Names.Tables.Reports}|{shard}", string.Empty, "~")).Count;
        }

        return count;
    }

    public async Task<IReadOnlyList<TableEntity>> RowsAsync(string table, string partition, string from, string to)
    {
        var client = App.Services.GetRequiredService<TableServiceClient>().GetTableClient(table);
        var rows = new List<TableEntity>();
        await foreach (var row in client.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}")))
        {
            rows.Add(row);
        }

        return rows;
    }

    private async Task VerifyDueAsync(FaultCase report, bool due)
    {
        var next = (await FindAsync(report)).NextDue;
        Assert.Equal(due, next is not null);
        if (next is not { } at)
        {
            return;
        }

        var entries = new List<DueEntry>();
        await foreach (var entry in App.Services.GetRequiredService<DueIndex>().ReadAsync(
            Keys.Shard(report.Number, DueIndex.Shards), at.AddTicks(-1), at, CancellationToken.None))
        {
            entries.Add(entry);
        }

        Assert.Contains(new DueEntry(report.Number, at), entries);
    }

    private async Task<Core.Reports.Report> FindAsync(FaultCase report) =>
        (await App.Services.GetRequiredService<IReportFinder>().FindAsync(report.Number, CancellationToken.None))!;

    private async Task<List<TaggedSms>> SmsAsync(FaultCase report) =>
        (await App.Http.GetFromJsonAsync<List<TaggedSms>>("/local/sms?to=" + Uri.EscapeDataString(report.Phone)))!;

    private HttpRequestMessage WithCookie(HttpRequestMessage request, string role)
    {
        request.Headers.Add("Cookie", _cookies[role]);
        return request;
    }

    private async Task<JsonElement> AcceptedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            using var response = await App.Http.SendAsync(request, cancellationToken);
            var json = await AppFixture.JsonAsync(response);
            Assert.True(response.StatusCode == HttpStatusCode.Accepted, json.ToString());
            return json;
        }
    }

    private sealed record TaggedSms(string To, string Text, string Tag);
}
