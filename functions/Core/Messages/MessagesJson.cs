using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless940.Core.Messages;

/// <summary>JSON of everything that travels or is stored: camelCase, nulls left out, generated at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    UseStringEnumConverter = false)]
[JsonSerializable(typeof(BusMessage))]
[JsonSerializable(typeof(RecordedEvent))]
[JsonSerializable(typeof(ReportEvent))]
public sealed partial class MessagesJson : JsonSerializerContext
{
    /// <summary>The same with letters of every script written as themselves: a third of the bytes for Arabic.</summary>
    public static MessagesJson Compact { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
