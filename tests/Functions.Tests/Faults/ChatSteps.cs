using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Tests.Channels;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.Functions.Tests.Faults;

/// <summary>A step on WhatsApp: one post of Meta's, which comes again for as long as it is not answered.</summary>
internal abstract class ChatStep : FaultStep
{
    private readonly Dictionary<FaultCase, byte[]> _posts = [];

    public override async Task ActAsync(FaultLane lane, FaultCase report, bool again, CancellationToken cancellationToken)
    {
        if (!_posts.TryGetValue(report, out var body))
        {
            _posts[report] = body = Body(report, lane.App.Now);
        }

        using var response = await new ChatDriver(lane.App, report.Phone).PostAsync(body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    protected abstract byte[] Body(FaultCase report, DateTimeOffset now);

    protected static byte[] Post(FaultCase report, string type, JsonObject content, DateTimeOffset now)
    {
        var message = WhatsAppPayloads.Message(report.Phone, $"wamid.{report.Key}.{type}", type, content);
        message["timestamp"] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return WhatsAppPayloads.Envelope([message], TestSecrets.PhoneNumberId);
    }
}

/// <summary>The first words: a conversation opens, and asks where.</summary>
internal sealed class ChatTextStep : ChatStep
{
    public override IReadOnlyList<string> Steps => [];

    public override IReadOnlyList<string> Texts => [];

    public override Task PrepareAsync(FaultLane lane, IReadOnlyList<FaultCase> cases) => Task.CompletedTask;

    public override async Task VerifyAsync(FaultLane lane, FaultCase report)
    {
        var heard = await new ChatDriver(lane.App, report.Phone).HeardAsync();
        Assert.Equal("location_request_message", Assert.Single(heard).Body.GetProperty("interactive").GetProperty("type").GetString());
        lane.VerifyQueues();
    }

    protected override byte[] Body(FaultCase report, DateTimeOffset now) =>
        Post(report, "text", new JsonObject { ["body"] = "عمود إنارة مكسور أمام المدرسة" }, now);
}

/// <summary>The pin after words and a photo: the report is complete, its photo is fetched, the number is told twice.</summary>
internal sealed class ChatPinStep : ChatStep
{
    private static readonly byte[] Photo = JpegSample.FromPhone(26.5, 50.0);

    public override IReadOnlyList<string> Steps => ["received", "assigned", "attachmentAdded"];

    public override IReadOnlyList<string> Texts => ["received"];

    public override Task PrepareAsync(FaultLane lane, IReadOnlyList<FaultCase> cases) => EachAsync(lane, cases, async (report, _) =>
    {
        var chat = new ChatDriver(lane.App, report.Phone);
        await chat.SayAsync("عمود إنارة مكسور أمام المدرسة");
        await chat.FileAsync(Photo, "image/jpeg");
    });

    public override async Task VerifyAsync(FaultLane lane, FaultCase report)
    {
        report.Number = Assert.Single(await lane.SmsTagsAsync(report)).Split('|')[0];
        var found = await lane.App.Services.GetRequiredService<IReportFinder>().FindAsync(report.Number, CancellationToken.None);
        report.Token = lane.App.Services.GetRequiredService<ReportAccess>().Token(report.Number, found!.SourceHash);
        await base.VerifyAsync(lane, report);
        Assert.Single((await lane.Citizen.GetAsync(report.Number, report.Token)).GetProperty("attachments").EnumerateArray());
        var told = (await new ChatDriver(lane.App, report.Phone).HeardAsync()).Where(message => message.Text?.Contains(report.Number, StringComparison.Ordinal) == true);
        Assert.Single(told);
    }

    protected override byte[] Body(FaultCase report, DateTimeOffset now) =>
        Post(report, "location", new JsonObject { ["latitude"] = 26.4282, ["longitude"] = 50.0881 }, now);
}
