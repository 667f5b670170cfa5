using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless940.Core.Messages;
using Serverless940.Core.Photos;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Media;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Photos;

/// <summary>
/// Keeps photos and voice notes: cleaned while they stream from the caller into blob storage, nothing held but a few
/// buffers. A file that is refused half-way is never committed. Operations: one upload up to four megabytes, then one for
/// each four megabytes and one to commit.
/// </summary>
public sealed class MediaStore(BlobServiceClient blobs, Policy policy, LinkSettings links) : IMediaStore
{
    private const int BlockBytes = 4 * 1024 * 1024;

    private readonly BlobContainerClient _container = blobs.GetBlobContainerClient(Names.Containers.Media);
    private readonly byte[] _key = Encoding.UTF8.GetBytes(links.SigningKey);

    public async Task<StoredMedia> StoreAsync(
        string owner, string attachmentId, AttachmentPurpose purpose, Stream content, CancellationToken cancellationToken)
    {
        var blob = BlobName(owner, attachmentId);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var upload = UploadAsync(blob, attachmentId, pipe.Reader, stop.Token);
        MediaResult result;
        try
        {
            await using var output = pipe.Writer.AsStream(leaveOpen: true);
            result = await MediaRewriter.RewriteAsync(content, output, Limits(), cancellationToken);
        }
        catch (Exception exception)
        {
            await AbandonAsync(pipe, upload, stop, exception);
            throw;
        }

        if (result is not MediaResult.Accepted accepted)
        {
            var refused = (MediaResult.Refused)result;
            await AbandonAsync(pipe, upload, stop, new OperationCanceledException("refused"));
            return new StoredMedia(null, ProblemOf(refused), refused.Detail, null);
        }

        await pipe.Writer.CompleteAsync();
        await upload;
        var attachment = new Attachment(
            attachmentId, accepted.Type.ContentType, accepted.BytesOut, blob, purpose, accepted.Width, accepted.Height,
            accepted.Gps?.Latitude, accepted.Gps?.Longitude);
        return new StoredMedia(attachment, null, null, accepted.Sha256OfInput);
    }

    /// <summary>A stream of a stored file; it reads what it is asked for.</summary>
    public Task<Stream> OpenAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        return _container.GetBlobClient(attachment.Blob).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellationToken);
    }

    private async Task UploadAsync(string blob, string attachmentId, PipeReader reader, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions
        {
            Metadata = new Dictionary<string, string> { ["attachment"] = attachmentId },
            TransferOptions = new StorageTransferOptions
            {
                InitialTransferSize = BlockBytes, MaximumTransferSize = BlockBytes, MaximumConcurrency = 1,
            },
        };
        try
        {
            await using var content = reader.AsStream();
            await _container.GetBlobClient(blob).UploadAsync(content, options, cancellationToken);
        }
        catch (Exception exception)
        {
            // The writer must not wait for a reader that is gone.
            await reader.CompleteAsync(exception);
            throw;
        }
    }

    private static async Task AbandonAsync(Pipe pipe, Task upload, CancellationTokenSource stop, Exception reason)
    {
        await stop.CancelAsync();
        await pipe.Writer.CompleteAsync(reason);
        try
        {
            await upload;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or Azure.RequestFailedException or AggregateException)
        {
            // It was told to stop.
        }
    }

    private MediaLimits Limits() =>
        new(Math.Max(policy.Intake.MaxPhotoBytes, policy.Intake.MaxVoiceBytes)) { Hashes = MediaHashes.Input };

    private string BlobName(string owner, string attachmentId)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"blob\n{owner}\n{attachmentId}"), mac);
        return Convert.ToHexStringLower(mac);
    }

    private static string ProblemOf(MediaResult.Refused refused) => refused.Reason switch
    {
        MediaRefusal.TooLarge => "tooLarge",
        MediaRefusal.TooManyPixels => "photoTooManyPixels",
        MediaRefusal.Unsupported => "photoUnsupported",
        MediaRefusal.Unrecognised or MediaRefusal.Empty => "photoUnrecognised",
        _ => "photoDamaged",
    };
}
