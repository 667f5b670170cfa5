using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;
using Serverless940.Functions.Platform.Telemetry;

namespace Serverless940.Functions.Channels.Email;

/// <summary>
/// <c>POST /api/channels/email</c>: e-mails to the centre as Postmark's JSON, and what became of ours. Nothing is read
/// before the password. A wrong one is 401, which Postmark tries again; 403 would stop it for good. Operations: one
/// upload for each photo, then one send.
/// </summary>
public sealed partial class EmailWebhook(EmailSettings settings, MailFiles files, ChannelDoor door, TimeProvider time, ILogger<EmailWebhook> logger)
{
    public const string Route = "api/channels/email";

    // Postmark takes mails of 35 MB in all, which base64 makes a third larger.
    private const int LargestBody = 48 * 1024 * 1024;

    private const string Scheme = "Basic ";

    [Function(nameof(EmailWebhook))]
    [Access(Caller.SharedSecret)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Headers.Authorization is not [{ } header] || !SharedSecret.Matches(settings.InboundSecret, Password(header)))
        {
            request.HttpContext.Response.Headers.WWWAuthenticate = "Basic";
            return door.Refuse(request, Channel.Email, "unauthorized");
        }

        if (await RequestBody.ReadAsync(request, LargestBody, cancellationToken) is not { } body)
        {
            return door.Refuse(request, Channel.Email, "tooLarge");
        }

        MailUpdates mail;
        try
        {
            mail = MailPayload.Read(body, settings.From, time.GetUtcNow());
        }
        catch (JsonException)
        {
            return door.Refuse(request, Channel.Email, "invalidJson");
        }

        if (mail.Ignored is { } reason)
        {
            LogIgnored(reason);
            ChannelMetrics.Received(Channel.Email, reason);
        }

        foreach (var file in mail.Files.Take(MailPayload.MostFiles))
        {
            await files.KeepAsync(file, cancellationToken);
        }

        await door.PublishAsync(Channel.Email, mail.Updates, cancellationToken);
        return Results.Ok();
    }

    /// <summary>The password of a Basic header; whatever is none is no password.</summary>
    private static string? Password(string header)
    {
        if (header.Length > 1024 || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[1024];
        if (!Convert.TryFromBase64Chars(header.AsSpan(Scheme.Length), bytes, out var length))
        {
            return null;
        }

        var pair = Encoding.UTF8.GetString(bytes[..length]);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "An e-mail is not answered: {Reason}")]
    private partial void LogIgnored(string reason);
}
