using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless940.Local.Simulators.WhatsApp;

/// <summary>The Cloud API's limits on what a business may send; lengths in characters, as a person counts code points.</summary>
internal static class MessageRules
{
    /// <summary>What is wrong with a message, or <see langword="null"/>.</summary>
    internal static GraphError? Check(JsonObject message)
    {
        var type = Text(message["type"]) ?? "text";
        if (Text(message["messaging_product"]) != "whatsapp")
        {
            return new(100, "(#100) The parameter messaging_product is required.");
        }

        if (string.IsNullOrEmpty(Text(message["to"]) ?? Text(message["recipient"])))
        {
            return new(100, "The parameter to is required.");
        }

        if (Text(message["to"]) is { } to && Wire.Digits(to).Length is < 7 or > 15)
        {
            return new(131026, "Message undeliverable", "The recipient is not a phone number.");
        }

        return type switch
        {
            "text" => Length(message["text"]?["body"], "text.body", 4096),
            "interactive" => Interactive(message["interactive"] as JsonObject),
            "template" => Template(message["template"] as JsonObject),
            "reaction" => Required(message["reaction"]?["message_id"], "reaction.message_id"),
            "location" => Required(message["location"]?["latitude"], "location.latitude") ?? Required(message["location"]?["longitude"], "location.longitude"),
            "image" or "audio" or "document" or "video" => Required(message[type]?["id"] ?? message[type]?["link"], type + ".id"),
            _ => new(100, $"(#100) Param type must be one of {{AUDIO, DOCUMENT, IMAGE, INTERACTIVE, LOCATION, REACTION, TEMPLATE, TEXT, VIDEO}} - got \"{type}\"."),
        };
    }

    internal static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static GraphError? Template(JsonObject? template)
    {
        var parameters = (template?["components"] as JsonArray ?? []).SelectMany(component => component?["parameters"] as JsonArray ?? []);
        return Required(template?["name"], "template.name")
            ?? Required(template?["language"]?["code"], "template.language.code")
            ?? (parameters.Any(p => Text(p?["type"]) == "text" && string.IsNullOrEmpty(Text(p?["text"])))
                ? new GraphError(132000, "(#132000) Number of parameters does not match the expected number of params", "A text parameter is empty.")
                : null);
    }

    private static GraphError? Interactive(JsonObject? interactive)
    {
        if (interactive is null)
        {
            return GraphError.Missing("interactive");
        }

        var footer = interactive["footer"] is { } node ? Length(node["text"], "footer.text", 60) : null;
        var header = Text(interactive["header"]?["type"]) == "text" ? Length(interactive["header"]?["text"], "header.text", 60) : null;
        var action = interactive["action"] as JsonObject;
        return header ?? footer ?? Text(interactive["type"]) switch
        {
            "button" => Length(interactive["body"]?["text"], "body.text", 1024) ?? Buttons(action),
            "list" => Length(interactive["body"]?["text"], "body.text", 4096) ?? Length(action?["button"], "action.button", 20) ?? Sections(action),
            "location_request_message" => Length(interactive["body"]?["text"], "body.text", 1024)
                ?? (Text(action?["name"]) == "send_location" ? null : GraphError.Invalid("action.name must be send_location.")),
            var other => GraphError.Invalid($"interactive.type '{other}' is not known."),
        };
    }

    private static GraphError? Buttons(JsonObject? action)
    {
        var buttons = action?["buttons"] as JsonArray ?? [];
        if (buttons.Count is < 1 or > 3)
        {
            return GraphError.Invalid("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3.");
        }

        return First(buttons, button => Text(button?["type"]) == "reply"
                ? Length(button?["reply"]?["id"], "button.reply.id", 256) ?? Length(button?["reply"]?["title"], "button.reply.title", 20)
                : GraphError.Invalid("button.type must be reply."))
            ?? Distinct(buttons.Select(button => Text(button?["reply"]?["id"])), "button.reply.id")
            ?? Distinct(buttons.Select(button => Text(button?["reply"]?["title"])), "button.reply.title");
    }

    private static GraphError? Sections(JsonObject? action)
    {
        var sections = action?["sections"] as JsonArray ?? [];
        List<JsonNode?> rows = [.. sections.SelectMany(section => section?["rows"] as JsonArray ?? [])];
        if (sections.Count is < 1 or > 10 || rows.Count is < 1 or > 10)
        {
            return GraphError.Invalid("A list holds 1 to 10 sections and 1 to 10 rows in all.");
        }

        return First(sections, section => section?["title"] is null && sections.Count == 1 ? null : Length(section?["title"], "section.title", 24))
            ?? First(rows, row => Length(row?["id"], "row.id", 200)
                ?? Length(row?["title"], "row.title", 24)
                ?? (row?["description"] is { } description ? Length(description, "row.description", 72) : null))
            ?? Distinct(rows.Select(row => Text(row?["id"])), "row.id");
    }

    private static GraphError? First(IEnumerable<JsonNode?> nodes, Func<JsonNode?, GraphError?> check) =>
        nodes.Select(check).FirstOrDefault(error => error is not null);

    private static GraphError? Distinct(IEnumerable<string?> values, string name) =>
        values.GroupBy(value => value, StringComparer.Ordinal).Any(group => group.Count() > 1) ? GraphError.Invalid($"Duplicate {name}.") : null;

    private static GraphError? Required(JsonNode? node, string name) =>
        node is null || (node.GetValueKind() == JsonValueKind.String && Text(node) is "") ? GraphError.Missing(name) : null;

    private static GraphError? Length(JsonNode? node, string name, int most) => Text(node) switch
    {
        null or "" => GraphError.Missing(name),
        var text when text.EnumerateRunes().Count() > most => GraphError.Invalid($"{name} length should be at most {most} characters."),
        _ => null,
    };
}
