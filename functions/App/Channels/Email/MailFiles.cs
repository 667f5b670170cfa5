using Azure;
using Azure.Storage.Blobs;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;

namespace Serverless940.Functions.Channels.Email;

/// <summary>
/// Files of e-mails, which come with the mail and cannot be asked for again: kept as they came until their report has
/// taken them, then removed. What no report ever asks for goes by the container's lifecycle rule.
/// </summary>
public sealed class MailFiles(BlobServiceClient blobs) : IMediaSource
{
    private readonly BlobContainerClient _container = blobs.GetBlobContainerClient(Names.Containers.Uploads);

    public Channel Channel => Channel.Email;

    /// <summary>One upload; the same file again lands in the same place.</summary>
    public Task KeepAsync(MailFile file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        return _container.GetBlobClient(Blob(file.Id)).UploadAsync(new BinaryData(file.Content), overwrite: true, cancellationToken);
    }

    public async Task<MediaContent?> OpenAsync(string mediaId, CancellationToken cancellationToken)
    {
        try
        {
            var download = await _container.GetBlobClient(Blob(mediaId)).DownloadStreamingAsync(cancellationToken: cancellationToken);
            return new MediaContent(download.Value.Content, download.Value);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    public Task ForgetAsync(string mediaId, CancellationToken cancellationToken) =>
        _container.GetBlobClient(Blob(mediaId)).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    private static string Blob(string id) => "email/" + id;
}
