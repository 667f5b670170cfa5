#nullable enable
using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Data.Tables;

namespace Serverless940.Local.Tables;

/// <summary>Reads the service's error: <c>{"odata.error":{"code":...,"message":{"value":...}}}</c>.</summary>
internal sealed class ErrorParser : RequestFailedDetailsParser
{
    public const string FailedEntity = "FailedEntity";

    public static ErrorParser Shared { get; } = new();

    public override bool TryParse(Response response, out ResponseError? error, out IDictionary<string, string>? data)
    {
        error = null;
        data = null;
        try
        {
            var content = response.Content.ToMemory();
            if (content.IsEmpty)
            {
                return false;
            }

            data = new Dictionary<string, string>();
            using var document = JsonDocument.Parse(content);
            if (!document.RootElement.TryGetProperty("odata.error", out var body))
            {
                return false;
            }

            var code = body.TryGetProperty("code", out var given) ? given.GetString() : null;
            var message = body.TryGetProperty("message", out var text) && text.TryGetProperty("value", out var value) ? value.GetString() : null;
            var colon = message?.IndexOf(':', StringComparison.Ordinal) ?? -1;
            if (colon > 0 && int.TryParse(message.AsSpan(0, colon), CultureInfo.InvariantCulture, out var index))
            {
                data[FailedEntity] = index.ToString(CultureInfo.InvariantCulture);
                message += "\n The index of the entity that caused the error can be found in " +
                    $"{nameof(TableTransactionFailedException.FailedTransactionActionIndex)}.";
            }

            error = new ResponseError(code, message);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not the service's own error (a proxy's page, a cut body): the status alone must do.
            return false;
        }
    }
}
