using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Channels.Voice;

/// <summary>
/// <c>POST /api/channels/voice/{step}</c>: the phone tree's steps. <c>answer</c> is what the number's owner configures at
/// the provider for calls that come in, <c>ended</c> for their status; <c>go</c>, <c>news</c> and <c>ended</c> with a
/// sealed text are addresses that we give. Verified on the fields as they came, then answered as TwiML.
/// Operations: at most one read and one send a step.
/// </summary>
public sealed class VoiceWebhook(VoiceSignature signature, VoiceCalls calls, ChannelDoor door)
{
    public const string Path = "api/channels/voice/";

    private const int LargestBody = 64 * 1024;

    [Function(nameof(VoiceWebhook))]
    [Access(Caller.Signature)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Path + "{step}")] HttpRequest request, string step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await RequestBody.ReadAsync(request, LargestBody, cancellationToken) is not { } body)
        {
            return door.Refuse(request, Channel.Phone, "tooLarge");
        }

        if (signature.Verify(request, body) is not { } fields)
        {
            return door.Refuse(request, Channel.Phone, "unauthorized");
        }

        if (VoiceRequest.Read(fields, request.Query[VoiceAddresses.Parameter]) is not { } call)
        {
            return door.Refuse(request, Channel.Phone, "invalidRequest");
        }

        return step switch
        {
            "answer" => await calls.AnswerAsync(call, cancellationToken),
            "go" => await calls.GoAsync(call, cancellationToken),
            "news" => await calls.NewsAsync(call, cancellationToken),
            "ended" => await calls.EndedAsync(call, cancellationToken),
            _ => door.Refuse(request, Channel.Phone, "notFound"),
        };
    }
}
