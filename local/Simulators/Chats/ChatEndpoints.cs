using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless940.Local.Simulators.Control;
using Serverless940.Local.Simulators.Handset;
using Serverless940.Local.Simulators.WhatsApp;

namespace Serverless940.Local.Simulators.Chats;

/// <summary>Something a citizen did on a channel: the form or JSON of <c>POST /local/chats/{channel}</c>.</summary>
/// <param name="Id">The provider's id; given again, the same event comes twice.</param>
/// <param name="Kind">Which of the channel's ways: <c>comment</c>, <c>mention</c>, <c>encrypted</c>; nothing for a private message.</param>
internal sealed record ChatMessage(string Id, string From, string? Kind, string? Text, string? Subject, string? Choice, string? InReplyTo, IReadOnlyList<StoredMedia> Files);

/// <summary>One channel as a citizen uses it.</summary>
internal interface IChatPlayer
{
    string Channel { get; }

    /// <summary>Posts it to the app as the provider would; the app's status, or 0 for what the channel does not know.</summary>
    Task<int> PlayAsync(ChatMessage message, CancellationToken cancellationToken);
}

/// <summary>What was written from here, beside what came back.</summary>
internal sealed record ChatEntry(string Id, string Channel, string From, DateTimeOffset At, string? Kind, string? Subject, string? Text, string? Choice, IReadOnlyList<string> Files);

/// <summary>A citizen on the channels that the handset does not have: one door for pages, scripts and tests.</summary>
internal sealed class ChatEndpoints(string folder, IReadOnlyList<IChatPlayer> players, MediaStore media, Outbox outbox, TimeProvider clock)
{
    private const int MostFiles = 10;

    private readonly Journal<ChatEntry> _sent = new(Path.Combine(folder, "chats.jsonl"));

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/local/chats", (HttpContext http) => HandsetEndpoints.Page(http, "chats.html", "text/html; charset=utf-8"));
        routes.MapGet("/local/chats/chats.css", (HttpContext http) => HandsetEndpoints.Page(http, "chats.css", "text/css; charset=utf-8"));
        routes.MapGet("/local/chats/chats.js", (HttpContext http) => HandsetEndpoints.Page(http, "chats.js", "text/javascript; charset=utf-8"));
        routes.MapPost("/local/chats/{channel}", (Delegate)PlayAsync);
        routes.MapGet("/local/chats/{channel}/messages", (HttpContext http, string channel, string? from) =>
            players.Any(player => player.Channel == channel) ? Wire.Ok(Messages(channel, from)) : Unknown(http));
    }

    /// <summary>What a citizen wrote, and what came back to him, to his posts and to his comments.</summary>
    private object Messages(string channel, string? from)
    {
        var sent = _sent.All().Where(entry => entry.Channel == channel && (string.IsNullOrEmpty(from) || entry.From == from)).ToList();
        var own = sent.Select(entry => entry.Id).Append(from ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new { sent, heard = outbox.List(channel, null).Where(item => string.IsNullOrEmpty(from) || own.Contains(item.To)) };
    }

    private async Task<IResult> PlayAsync(HttpContext http, string channel)
    {
        if (players.FirstOrDefault(candidate => candidate.Channel == channel) is not { } player)
        {
            return Unknown(http);
        }

        if (await ReadAsync(http) is not { } message)
        {
            return Bad(http);
        }

        var status = await player.PlayAsync(message, http.RequestAborted);
        if (status == 0)
        {
            return Bad(http);
        }

        if (status is < 200 or >= 300)
        {
            return Problems.Of(http, StatusCodes.Status502BadGateway, $"ردّ النظام بالرمز {status}.", $"The app answered {status}.");
        }

        _sent.Append(new ChatEntry(
            message.Id, channel, message.From, clock.GetUtcNow(), message.Kind, message.Subject, message.Text, message.Choice, [.. message.Files.Select(file => file.Id)]));
        return Wire.Ok(new { messageId = message.Id, appStatus = status }, StatusCodes.Status202Accepted);
    }

    private async Task<ChatMessage?> ReadAsync(HttpContext http)
    {
        var files = new List<StoredMedia>();
        Func<string, string?> field;
        if (http.Request.HasFormContentType)
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            field = name => form[name].ToString();
            foreach (var file in form.Files.Take(MostFiles).Where(file => file.Length is > 0 and <= MediaStore.LargestBytes))
            {
                using var bytes = new MemoryStream();
                await file.CopyToAsync(bytes, http.RequestAborted);
                files.Add(await media.AddAsync(bytes.ToArray(), file.ContentType, http.RequestAborted));
            }
        }
        else
        {
            var json = await ControlBody.ReadAsync<JsonObject>(http);
            field = name => MessageRules.Text(json?[name]);
        }

        string? Value(string name) => field(name) is { Length: > 0 } value ? value : null;
        return Value("from") is { Length: <= 200 } from && ((Value("text") ?? Value("choice") ?? Value("kind") ?? Value("subject")) is not null || files.Count > 0)
            ? new ChatMessage(
                Value("id") ?? Guid.NewGuid().ToString("n"), from, Value("kind"), Value("text"), Value("subject"), Value("choice"), Value("inReplyTo"), files)
            : null;
    }

    private static IResult Unknown(HttpContext http) =>
        Problems.Of(http, StatusCodes.Status404NotFound, "لا توجد قناة بهذا الاسم.", "There is no such channel.");

    private static IResult Bad(HttpContext http) => Problems.Of(
        http, StatusCodes.Status400BadRequest, "المطلوب مرسل في from ومحتوى: نص أو ملف أو اختيار.",
        "A sender in from and something to say are needed: text, file or choice.");
}
