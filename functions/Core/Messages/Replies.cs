namespace Serverless940.Core.Messages;

/// <summary>
/// Addresses of answers that are more than a person's id. Each channel writes and reads its own; what all must know of
/// them is how public they are and how often they may be used.
/// </summary>
public static class ChannelAddress
{
    private const string PublicMark = "public:";
    private const string OnceMark = "once:";

    /// <summary>A place where everybody reads the answer: no link to a report may go there.</summary>
    public static string Public(string id) => PublicMark + id;

    /// <summary>A place where the provider allows one answer and no more.</summary>
    public static string Once(string id) => OnceMark + id;

    public static bool IsPublic(string? address) => address?.StartsWith(PublicMark, StringComparison.Ordinal) == true;

    public static bool TakesOne(string? address) => address?.StartsWith(OnceMark, StringComparison.Ordinal) == true;

    /// <summary>The channel's own id in it.</summary>
    public static string IdOf(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return IsPublic(address) ? address[PublicMark.Length..] : TakesOne(address) ? address[OnceMark.Length..] : address;
    }
}

/// <summary>Where a citizen is answered in a conversation.</summary>
/// <param name="Conversation">Key of the conversation; holds no phone number.</param>
/// <param name="To">E.164 number or the channel's own id of the person.</param>
/// <param name="Language">BCP 47 primary subtag in which the citizen is answered.</param>
public sealed record ReplyAddress(Channel Channel, string Conversation, string To, string Language);

/// <summary>One answer in a conversation; the row it is kept under is its id, so that it is sent once however often this arrives.</summary>
/// <param name="Id">Deterministic id within the conversation.</param>
/// <param name="Template">Template name in the catalogue.</param>
/// <param name="AskLocation">Whether the channel should offer to send a position, where it can.</param>
public sealed record SendReply(
    string Id,
    ReplyAddress Address,
    string Template,
    IReadOnlyDictionary<string, string> Values,
    bool AskLocation,
    IReadOnlyList<ReplyButton> Buttons,
    DateTimeOffset At) : BusMessage;

/// <summary>A button under an answer.</summary>
/// <param name="Id">Comes back as the choice's id; carries the draft's nonce, so that a tap on an old button is known.</param>
/// <param name="Template">Template of its title, at most 20 characters in every language.</param>
public sealed record ReplyButton(string Id, string Template);
