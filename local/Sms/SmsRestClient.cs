using System.Text.Json;
using Azure.Communication.Sms.Models;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Communication.Sms;

/// <summary>The one REST call: <c>POST {endpoint}/sms?api-version=…</c>, answered by 202 and a result per recipient.</summary>
internal sealed class SmsRestClient(HttpPipeline pipeline, Uri endpoint, string apiVersion)
{
    internal async Task<Response<IReadOnlyList<SmsSendResult>>> SendAsync(
        string from, IReadOnlyList<SmsRecipient> recipients, string message, SmsSendOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var call = CreateSendRequest(from, recipients, message, options);
        await pipeline.SendAsync(call, cancellationToken).ConfigureAwait(false);
        return Read(call.Response);
    }

    internal Response<IReadOnlyList<SmsSendResult>> Send(
        string from, IReadOnlyList<SmsRecipient> recipients, string message, SmsSendOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var call = CreateSendRequest(from, recipients, message, options);
        pipeline.Send(call, cancellationToken);
        return Read(call.Response);
    }

    private HttpMessage CreateSendRequest(string from, IReadOnlyList<SmsRecipient> recipients, string message, SmsSendOptions? options)
    {
        var call = pipeline.CreateMessage();
        var request = call.Request;
        request.Method = RequestMethod.Post;
        request.Uri.Reset(endpoint);
        request.Uri.AppendPath("/sms", escape: false);
        request.Uri.AppendQuery("api-version", apiVersion);
        request.Headers.Add("Accept", "application/json");
        request.Headers.Add("Content-Type", "application/json");
        request.Content = RequestContent.Create(Body(from, recipients, message, options));
        return call;
    }

    private static byte[] Body(string from, IReadOnlyList<SmsRecipient> recipients, string message, SmsSendOptions? options)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("from", from);
            writer.WriteStartArray("smsRecipients");
            foreach (var recipient in recipients)
            {
                writer.WriteStartObject();
                writer.WriteString("to", recipient.To);
                writer.WriteString("repeatabilityRequestId", recipient.RepeatabilityRequestId);
                writer.WriteString("repeatabilityFirstSent", recipient.RepeatabilityFirstSent);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("message", message);
            if (options is not null)
            {
                writer.WriteStartObject("smsSendOptions");
                writer.WriteBoolean("enableDeliveryReport", options.EnableDeliveryReport);
                if (options.Tag is { } tag)
                {
                    writer.WriteString("tag", tag);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static Response<IReadOnlyList<SmsSendResult>> Read(Response response)
    {
        if (response.Status != 202)
        {
            throw new RequestFailedException(response);
        }

        using var document = JsonDocument.Parse(response.Content);
        List<SmsSendResult> results = [];
        foreach (var item in document.RootElement.GetProperty("value").EnumerateArray())
        {
            results.Add(new SmsSendResult(
                item.GetProperty("to").GetString(),
                item.TryGetProperty("messageId", out var messageId) ? messageId.GetString() : null,
                item.GetProperty("httpStatusCode").GetInt32(),
                item.GetProperty("successful").GetBoolean(),
                item.TryGetProperty("errorMessage", out var errorMessage) ? errorMessage.GetString() : null));
        }

        return Response.FromValue<IReadOnlyList<SmsSendResult>>(results, response);
    }
}
