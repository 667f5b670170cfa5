using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Serverless940.Core.Tests.Policies;

/// <summary>
/// The keywords of JSON Schema 2020-12 that the policy's schema uses. A keyword that it does not know fails loudly, so
/// that the schema cannot say more than is tested.
/// </summary>
internal sealed class SchemaValidator(JsonObject root)
{
    private static readonly string[] s_annotations = ["$schema", "$id", "$defs", "title", "description"];

    public IReadOnlyList<string> Check(JsonNode? value)
    {
        var errors = new List<string>();
        Check(root, value, "$", errors);
        return errors;
    }

    private bool Fits(JsonNode? schema, JsonNode? value)
    {
        var errors = new List<string>();
        Check(schema!.AsObject(), value, "$", errors);
        return errors.Count == 0;
    }

    private void Check(JsonObject schema, JsonNode? value, string path, List<string> errors)
    {
        foreach (var (keyword, rule) in schema.Where(k => !s_annotations.Contains(k.Key)))
        {
            if (!Holds(schema, keyword, rule!, value, path, errors))
            {
                errors.Add($"{path}: {keyword} {rule!.ToJsonString()}");
            }
        }
    }

    private bool Holds(JsonObject schema, string keyword, JsonNode rule, JsonNode? value, string path, List<string> errors)
    {
        switch (keyword)
        {
            case "$ref":
                var name = rule.GetValue<string>()["#/$defs/".Length..];
                Check(root["$defs"]![name]!.AsObject(), value, path, errors);
                return true;
            case "type":
                return IsType(rule.GetValue<string>(), value);
            case "const":
                return JsonNode.DeepEquals(rule, value);
            case "enum":
                return rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value));
            case "anyOf":
                return rule.AsArray().Any(option => Fits(option, value));
            case "oneOf":
                return rule.AsArray().Count(option => Fits(option, value)) == 1;
            case "properties" or "additionalProperties" or "propertyNames" or "required":
                return value is not JsonObject record || HoldsObject(schema, keyword, rule, record, path, errors);
            case "items" or "prefixItems" or "minItems" or "maxItems":
                return value is not JsonArray list || HoldsArray(schema, keyword, rule, list, path, errors);
            case "pattern" or "maxLength":
                return value is null || value.GetValueKind() != JsonValueKind.String || HoldsText(keyword, rule, value.GetValue<string>());
            case "minimum" or "maximum" or "exclusiveMinimum":
                return value is null || value.GetValueKind() != JsonValueKind.Number || HoldsNumber(keyword, Number(rule), Number(value));
            default:
                throw new NotSupportedException($"The keyword '{keyword}' is not known here.");
        }
    }

    private bool HoldsObject(JsonObject schema, string keyword, JsonNode rule, JsonObject record, string path, List<string> errors)
    {
        switch (keyword)
        {
            case "required":
                return rule.AsArray().All(member => record.ContainsKey(member!.GetValue<string>()));
            case "propertyNames":
                return record.All(member => Fits(rule, JsonValue.Create(member.Key)));
            case "properties":
                foreach (var (member, sub) in rule.AsObject().Where(p => record.ContainsKey(p.Key)))
                {
                    Check(sub!.AsObject(), record[member], $"{path}.{member}", errors);
                }

                return true;
            default:
                var others = record.Where(m => schema["properties"]?[m.Key] is null).ToList();
                if (rule is JsonValue)
                {
                    return rule.GetValue<bool>() || others.Count == 0;
                }

                foreach (var (member, value) in others)
                {
                    Check(rule.AsObject(), value, $"{path}.{member}", errors);
                }

                return true;
        }
    }

    private bool HoldsArray(JsonObject schema, string keyword, JsonNode rule, JsonArray list, string path, List<string> errors)
    {
        switch (keyword)
        {
            case "minItems":
                return list.Count >= rule.GetValue<int>();
            case "maxItems":
                return list.Count <= rule.GetValue<int>();
            case "prefixItems":
                for (var i = 0; i < Math.Min(list.Count, rule.AsArray().Count); i++)
                {
                    Check(rule[i]!.AsObject(), list[i], $"{path}[{i}]", errors);
                }

                return true;
            default:
                for (var i = schema["prefixItems"]?.AsArray().Count ?? 0; i < list.Count; i++)
                {
                    Check(rule.AsObject(), list[i], $"{path}[{i}]", errors);
                }

                return true;
        }
    }

    private static bool HoldsText(string keyword, JsonNode rule, string text) => keyword switch
    {
        "maxLength" => text.Length <= rule.GetValue<int>(),
        // In JSON Schema $ is the very end; in .NET it also stands before a last line break.
        _ => Regex.IsMatch(text, Regex.Replace(rule.GetValue<string>(), @"\$$", @"\z"), RegexOptions.CultureInvariant),
    };

    private static bool HoldsNumber(string keyword, double limit, double value) => keyword switch
    {
        "minimum" => value >= limit,
        "maximum" => value <= limit,
        _ => value > limit,
    };

    private static double Number(JsonNode node) => double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);

    private static bool IsType(string type, JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Number => type == "number" || (type == "integer" && Math.Floor(Number(value!)) == Number(value!)),
        _ => false,
    };
}
