using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Media;
using Serverless940.Functions.Platform.Telemetry;

namespace Serverless940.Functions.Channels;

/// <summary>
/// Fetches a file from its channel, cleans and stores it as it streams through, and adds it to its report. What cannot be
/// used is said to the citizen. Operations: two calls to the channel, one upload, one send.
/// </summary>
public sealed partial class MediaFetcher(
    IEnumerable<IMediaSource> sources, IMediaStore store, BusSender bus, TimeProvider time, ILogger<MediaFetcher> logger)
{
    // An address that ran out, or bytes that came damaged, deserve one more call; then it is not the line.
    private const int Attempts = 2;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    public async Task HandleAsync(FetchMedia fetch, string inboxKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fetch);
        var source = sources.FirstOrDefault(candidate => candidate.Channel == fetch.Channel)
            ?? throw new PermanentFailureException("no media on " + fetch.Channel);
        var settled = fetch.At + source.Settles;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await StoreAsync(source, fetch, cancellationToken) is not { } stored)
            {
                if (time.GetUtcNow() < settled)
                {
                    throw new TransientFailureException("the channel does not have the file yet") { IsBrief = false, OverAt = settled };
                }

                continue;
            }

            if (stored.Attachment is null)
            {
                LogRefused(fetch.Number, stored.Problem);
                ChannelMetrics.File(fetch.Channel, "refused");
                await TellAsync(fetch, cancellationToken);
                await source.ForgetAsync(fetch.MediaId, cancellationToken);
                return;
            }

            if (IsWhatWasSent(fetch.Sha256, stored.Sha256))
            {
                await AddAsync(fetch, stored.Attachment, cancellationToken);
                ChannelMetrics.File(fetch.Channel, "stored");
                await source.ForgetAsync(fetch.MediaId, cancellationToken);
                return;
            }
        }

        ChannelMetrics.File(fetch.Channel, "failed");
        await TellAsync(fetch, cancellationToken);
        throw new PermanentFailureException("the channel does not have the file, or not as it was sent");
    }

    private async Task<StoredMedia?> StoreAsync(IMediaSource source, FetchMedia fetch, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Longest);
        try
        {
            await using var content = await source.OpenAsync(fetch.MediaId, limited.Token);
            return content is null
                ? null
                : await store.StoreAsync(fetch.Number, fetch.AttachmentId, AttachmentPurpose.Report, content.Stream, limited.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientFailureException("the channel took too long", exception);
        }
    }

    // A hash that cannot be read proves nothing either way.
    private static bool IsWhatWasSent(string? expected, ReadOnlyMemory<byte>? actual)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        return expected is null || actual is null || !Convert.TryFromBase64String(expected, hash, out var written)
            || hash[..written].SequenceEqual(actual.Value.Span);
    }

    private Task AddAsync(FetchMedia fetch, Attachment attachment, CancellationToken cancellationToken)
    {
        var id = "attach-" + fetch.AttachmentId;
        return bus.SendAsync(
            new OutgoingMessage(Names.Queues.Commands, id, fetch.Number, new AddAttachment
            {
                Number = fetch.Number,
                CommandId = id,
                At = fetch.At,
                Actor = fetch.Actor,
                Attachment = attachment,
                Source = fetch.SourceHash?[..32],
            }),
            cancellationToken);
    }

    private Task TellAsync(FetchMedia fetch, CancellationToken cancellationToken) => fetch.ReplyTo is not { } address
        ? Task.CompletedTask
        : bus.SendAsync(
            Conversations.Answer(new SendReply(
                ReportNumber.SourceHash("media", fetch.AttachmentId)[..24], address, "dialogue.mediaRefused",
                new Dictionary<string, string> { ["number"] = fetch.Number }, false, [], time.GetUtcNow())),
            cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Report {Number}: a file is not taken: {Problem}")]
    private partial void LogRefused(string number, string? problem);
}
