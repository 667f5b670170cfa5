using System.Text.RegularExpressions;

namespace Serverless940.Core.Channels;

/// <summary>
/// Where an e-mail is answered: the mailbox, and what makes mail programs show the answer under what it answers. Nobody
/// has proven to hold the mailbox; a sender's address is what somebody wrote there.
/// </summary>
/// <param name="References">Ids of the mails before, the answered one last, each in its angle brackets.</param>
public sealed partial record MailThread(string To, string? Subject, IReadOnlyList<string> References)
{
    private const int LongestSubject = 200;
    private const int MostReferences = 12;
    private const int LongestHeader = 20_000;

    /// <summary>The address form that travels: mailbox, subject and references, a line each.</summary>
    public string Write() => string.Join('\n', [To, OneLine(Subject), string.Join(' ', References.TakeLast(MostReferences))]);

    /// <summary>Reads the address form; a mailbox alone has no thread.</summary>
    public static MailThread Read(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var lines = address.Split('\n');
        return new MailThread(
            lines[0], lines.Length > 1 && lines[1].Length > 0 ? lines[1] : null,
            lines.Length > 2 ? [.. lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)] : []);
    }

    /// <summary>Ids in a header's value; what is none is left out.</summary>
    public static IEnumerable<string> Ids(string? header) =>
        header is null ? [] : MessageId().Matches(header.Length <= LongestHeader ? header : header[^LongestHeader..]).Select(match => match.Value);

    /// <summary>The subject of an answer, once prefixed however long the exchange.</summary>
    public static string ReplySubject(string subject) => "Re: " + WithoutPrefixes(subject);

    /// <summary>A subject without the marks of answers and forwards, in the languages that mail programs write them.</summary>
    public static string WithoutPrefixes(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return Prefixes().Replace(Words.Clip(subject, LongestSubject), string.Empty).Trim();
    }

    private static string OneLine(string? text) =>
        text is null ? string.Empty : Words.Clip((Words.Clean(text) ?? string.Empty).ReplaceLineEndings(" ").Replace('\t', ' '), LongestSubject);

    [GeneratedRegex(@"<[!-;=?-~]{3,250}>")]
    private static partial Regex MessageId();

    [GeneratedRegex(@"^[\s\u200e\u200f\u202a-\u202e\u2066-\u2069]*(?:(?:re|fwd?|aw|رد|ردّ|إعادة توجيه|اعادة توجيه|توجيه)\s*(?:\[\d+\])?\s*[:：]\s*)+", RegexOptions.IgnoreCase)]
    private static partial Regex Prefixes();
}
