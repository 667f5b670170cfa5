using Microsoft.AspNetCore.Http;
using Serverless940.Core.Messages;

namespace Serverless940.Functions.Platform.Media;

/// <summary>Takes one file for a report from a request.</summary>
public interface IAttachmentUpload
{
    Task<IResult> TakeAsync(
        HttpRequest request, string number, bool allowed, AttachmentPurpose purpose, Actor actor, CancellationToken cancellationToken);
}
