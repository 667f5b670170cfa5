using Microsoft.AspNetCore.Http;
using Serverless940.Core.Messages;

namespace Serverless940.Functions.Platform.Media;

/// <summary>Takes one file for a report from a request.</summary>
public interface IAttachmentUpload
{
    /// <param name="source">First half of the source hash that the caller's token carries; <see langword="null"/> for staff.</param>
    Task<IResult> TakeAsync(
        HttpRequest request, string number, string? source, AttachmentPurpose purpose, Actor actor, CancellationToken cancellationToken);
}
