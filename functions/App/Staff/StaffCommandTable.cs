using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless940.Core.Messages;

namespace Serverless940.Functions.Staff;

/// <summary>A staff command as it comes in: <c>command</c> and the members that it needs.</summary>
public sealed record StaffCommandBody(
    string? Command,
    string? Municipality,
    string? Department,
    string? Team,
    string? Text,
    [property: JsonPropertyName("public")] bool? IsPublic,
    string? Reason,
    DateTimeOffset? Until,
    string? Agency,
    string? Note,
    IReadOnlyList<string>? AttachmentIds,
    bool? Confirmed,
    string? Into,
    string? Category,
    string? Kind);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StaffCommandBody))]
internal sealed partial class StaffJson : JsonSerializerContext;

/// <summary>What each command is called, who may give it, and what it needs: one table.</summary>
public static class StaffCommandTable
{
    private const int LongestText = 4000;

    /// <param name="Roles">One of these is enough; <c>admin</c> always is.</param>
    /// <param name="Missing">The member that is missing or too long, or <see langword="null"/>.</param>
    public sealed record Entry(string Name, string[] Roles, Func<StaffCommandBody, string?> Missing, Func<StaffCommandBody, StaffCommandHead, StaffCommand> Make);

    /// <summary>What all commands carry.</summary>
    public sealed record StaffCommandHead(string Number, string CommandId, DateTimeOffset At, Actor Actor);

    public static IReadOnlyDictionary<string, Entry> Entries { get; } = new Entry[]
    {
        new("assign", ["dispatcher", "department", "manager"], _ => null, (b, h) => new Assign(b.Municipality, b.Department, b.Team) { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
        new("start", ["field", "department"], _ => null, (_, h) => new Start { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
        new("comment", ["agent", "dispatcher", "field", "department", "verifier", "satisfaction", "manager"], b => Text(b.Text, "text"), (b, h) => new Comment(b.Text!, b.IsPublic ?? false) { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
        new("hold", ["department", "dispatcher", "field"], b => Text(b.Reason, "reason") ?? (b.Until is null ? "until" : null), (b, h) => new Hold(b.Reason!, b.Until!.Value) { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
        new("refer", ["dispatcher", "department"], b => Text(b.Agency, "agency"), (b, h) => new Refer(b.Agency!, b.Note) { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
        new("answer", ["agent", "department", "dispatcher"], b => Text(b.Text, "text"), (b, h) => new Answer(b.Text!) { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
        new("resolve", ["field", "department"], b => b.Note?.Length > LongestText ? "note" : null, (b, h) => new Resolve(b.Note, b.AttachmentIds) { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
        new("verify", ["verifier"], _ => null, (b, h) => new Verify(b.Confirmed ?? true, b.Note) { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
        new("reject", ["dispatcher", "department"], b => Text(b.Reason, "reason"), (b, h) => new Reject(b.Reason!) { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
        new("merge", ["agent", "dispatcher", "department"], b => Core.Reports.ReportNumber.IsValid(b.Into) ? null : "into", (b, h) => new Merge(b.Into!) { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
        new("unmerge", ["agent", "dispatcher", "department"], _ => null, (_, h) => new Unmerge { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
        new("reopen", ["verifier", "satisfaction", "dispatcher", "manager"], b => Text(b.Reason, "reason"), (b, h) => new Reopen(b.Reason!) { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
        new("reclassify", ["agent", "dispatcher", "department"], b => Text(b.Category, "category"), (b, h) => new Reclassify(b.Category!) { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
        new("flagMisuse", ["agent", "dispatcher"], b => Text(b.Kind, "kind"), (b, h) => new FlagMisuse(b.Kind!) { Number = h.Number, CommandId = h.CommandId, At = h.At, Actor = h.Actor }),
    }.ToDictionary(entry => entry.Name, StringComparer.Ordinal);

    private static string? Text(string? text, string field) => string.IsNullOrWhiteSpace(text) || text.Length > LongestText ? field : null;
}
