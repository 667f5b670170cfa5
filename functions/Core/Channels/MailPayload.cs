using System.Globalization;
using System.Text.Json;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;

namespace Serverless940.Core.Channels;

/// <summary>A file of an e-mail, to be kept under its id until its report asks for it.</summary>
public sealed record MailFile(string Id, ReadOnlyMemory<byte> Content);

/// <summary>What one post of Postmark held.</summary>
/// <param name="Ignored">Why an e-mail is not answered: a machine wrote it, or ourselves; <see langword="null"/> otherwise.</param>
public sealed record MailUpdates(ChannelUpdates Updates, IReadOnlyList<MailFile> Files, string? Ignored);

/// <summary>
/// Reads Postmark's posts: an e-mail as JSON, or what became of one of ours. The sender's address is a claim that nobody
/// has checked: it is where the answer goes, and never whose report it is.
/// </summary>
public static class MailPayload
{
    /// <summary>Files of one mail that are kept; a report takes no more.</summary>
    public const int MostFiles = 10;

    // A picture of a signature is a few kilobytes and stands in the text.
    private const int SmallestInline = 20_000;
    private const int LargestFile = 20 * 1024 * 1024;
    private const int LongestMailbox = 254;

    private static readonly string[] s_lasting =
        ["HardBounce", "BadEmailAddress", "Blocked", "DMARCPolicy", "ManuallyDeactivated", "SMTPApiError", "DnsError", "SpamNotification", "SpamComplaint", "Unsubscribe"];

    /// <param name="ownAddress">The mailbox that we write from.</param>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static MailUpdates Read(ReadOnlyMemory<byte> body, string ownAddress, DateTimeOffset receivedAt)
    {
        ArgumentNullException.ThrowIfNull(ownAddress);
        using var document = LooseJson.Parse(body);
        var mail = document.RootElement;
        if (mail.Text("RecordType") is { } record && record != "Inbound")
        {
            return new MailUpdates(new ChannelUpdates([], [.. Receipts(mail, record, receivedAt)], 0), [], null);
        }

        var from = Mailbox(mail.At("FromFull").Text("Email") ?? mail.Text("From"));
        if (mail.Id("MessageID") is not { } id || from is null)
        {
            return new MailUpdates(new ChannelUpdates([], [], 1), [], null);
        }

        var headers = mail.At("Headers").Items().Where(header => header.Text("Name") is not null)
            .ToLookup(header => header.Text("Name")!, header => header.Text("Value") ?? string.Empty, StringComparer.OrdinalIgnoreCase);
        if (Machine(from, ownAddress, headers) is { } reason)
        {
            return new MailUpdates(new ChannelUpdates([], [], 0), [], reason);
        }

        var files = Files(mail, id).ToList();
        return new MailUpdates(new ChannelUpdates([new SenderEvent(from, Event(mail, id, from, headers, files, receivedAt))], [], 0), files, null);
    }

    private static InboundEvent Event(
        JsonElement mail, string id, string from, ILookup<string, string> headers, List<MailFile> files, DateTimeOffset receivedAt)
    {
        var subject = Words.Clean(mail.Text("Subject"));
        var answered = MailThread.Ids(headers["In-Reply-To"].FirstOrDefault()).FirstOrDefault();
        string[] references = [.. MailThread.Ids(headers["References"].FirstOrDefault()), .. MailThread.Ids(headers["Message-ID"].FirstOrDefault())];
        var words = MailText.Read(mail.Text("TextBody"), mail.Text("HtmlBody"));
        // The subject of an answer is ours; that of a first mail is often half the report.
        var heading = subject is null || answered is not null || MailThread.WithoutPrefixes(subject) is not { Length: > 2 } own
            || words?.StartsWith(own, StringComparison.Ordinal) == true ? null : own;
        var text = heading is null ? words : words is null ? heading : heading + "\n" + words;
        var e = new InboundEvent(
            id, InboundKind.Text, receivedAt, receivedAt, ChannelUpdates.Clip(text), DisplayName: Name(mail), ReplyTo: answered,
            AnswerTo: new MailThread(from, subject, references).Write());
        return files.Count > 0
            ? e with
            {
                Kind = InboundKind.Media,
                Media = Media(files[0]),
                More = files.Count > 1 ? [.. files.Skip(1).Select(Media)] : null,
            }
            : text is null ? e with { Kind = InboundKind.Unsupported } : e;

        InboundMedia Media(MailFile file) => new(file.Id, null, null, false);
    }

    // Everything that a machine says of itself, so that two machines never write to each other.
    private static string? Machine(string from, string ownAddress, ILookup<string, string> headers)
    {
        var local = from[..from.IndexOf('@', StringComparison.Ordinal)];
        return from == Mailbox(ownAddress) ? "own"
            : local is "mailer-daemon" or "postmaster" || headers["Return-Path"].Any(path => path.Trim() is "<>") ? "bounce"
            : headers["Auto-Submitted"].Any(value => !value.Trim().StartsWith("no", StringComparison.OrdinalIgnoreCase))
                || headers.Contains("X-Autoreply") || headers.Contains("X-Autorespond") || headers.Contains("X-Auto-Reply-From") ? "auto"
            : headers["Precedence"].Any(value => value.Trim().ToLowerInvariant() is "bulk" or "list" or "junk" or "auto_reply")
                || headers.Contains("List-Id") || headers.Contains("List-Unsubscribe") ? "bulk"
            : null;
    }

    private static IEnumerable<MailFile> Files(JsonElement mail, string id)
    {
        var number = 0;
        foreach (var attachment in mail.At("Attachments").Items())
        {
            number++;
            var type = attachment.Text("ContentType") ?? string.Empty;
            if ((type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase))
                && Content(attachment.At("Content")) is { Length: > 0 and <= LargestFile } content
                && !(attachment.Text("ContentID") is { Length: > 0 } && content.Length < SmallestInline))
            {
                yield return new MailFile(ReportNumber.SourceHash("email", id, number.ToString(CultureInfo.InvariantCulture))[..32], content);
            }
        }
    }

    private static byte[]? Content(JsonElement element) =>
        element.ValueKind == JsonValueKind.String && element.TryGetBytesFromBase64(out var bytes) ? bytes : null;

    private static IEnumerable<EventReceipt> Receipts(JsonElement root, string record, DateTimeOffset receivedAt)
    {
        DeliveryState? state = record switch
        {
            "Delivery" => DeliveryState.Delivered,
            // One that the provider still tries is not lost yet.
            "Bounce" when root.IsTrue("Inactive") || s_lasting.Contains(root.Text("Type")) => DeliveryState.Failed,
            _ => null,
        };
        if (state is { } known && root.Id("MessageID") is { } id)
        {
            var at = DateTimeOffset.TryParse(
                root.Text("DeliveredAt") ?? root.Text("BouncedAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var told) ? told : receivedAt;
            yield return new EventReceipt(id, new DeliveryReport(
                Medium.Email, root.At("Metadata").Text("tag"), id, known, known == DeliveryState.Failed ? root.Id("Type") : null, at));
        }
    }

    private static string? Name(JsonElement mail) =>
        (mail.At("FromFull").Text("Name") ?? mail.Text("FromName")) is { Length: > 0 } name ? Words.Clip(name, 100) : null;

    // One mailbox and nothing else: what follows goes into a header.
    private static string? Mailbox(string? address)
    {
        var text = address?.Trim() ?? string.Empty;
        var open = text.LastIndexOf('<');
        var bare = (open >= 0 && text.EndsWith('>') ? text[(open + 1)..^1] : text).Trim().ToLowerInvariant();
        var at = bare.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == bare.LastIndexOf('@') && at < bare.Length - 1 && bare.Length <= LongestMailbox
            && !bare.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '<' or '>' or ',' or ';' or '"' or '\\' or '(' or ')')
            ? bare : null;
    }
}
