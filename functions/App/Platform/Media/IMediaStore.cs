using Serverless940.Core.Messages;

namespace Serverless940.Functions.Platform.Media;

/// <summary>What became of a file: stored, or refused with a problem's code.</summary>
/// <param name="Sha256">SHA-256 of the bytes as they came, when asked for.</param>
public sealed record StoredMedia(Attachment? Attachment, string? Problem, string? Detail, ReadOnlyMemory<byte>? Sha256);

/// <summary>Where files of reports are kept; features that bring files know only this.</summary>
public interface IMediaStore
{
    /// <summary>Cleans a file while it streams in, and stores it under a name that only this app can compute.</summary>
    /// <param name="owner">What the name is made of besides the id: the same two overwrite the same file.</param>
    Task<StoredMedia> StoreAsync(string owner, string attachmentId, AttachmentPurpose purpose, Stream content, CancellationToken cancellationToken);

    /// <summary>A stream of a stored file.</summary>
    Task<Stream> OpenAsync(Attachment attachment, CancellationToken cancellationToken);
}
