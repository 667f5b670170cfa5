using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless940.Core.Messages;
using Serverless940.Core.Text;

namespace Serverless940.Core.Channels;

/// <summary>What a conversation (محادثة) remembers between messages. Stored as JSON; members may be added, not renamed.</summary>
public sealed record DialogueState
{
    /// <summary>How many event ids are remembered, so that one that comes again in another batch is known.</summary>
    public const int Memory = 50;

    /// <summary>BCP 47 primary subtag, or <see langword="null"/> before a word was said.</summary>
    public string? Language { get; init; }

    /// <summary>Whether the citizen asked for the language; a chosen one is never guessed over.</summary>
    public bool LanguageChosen { get; init; }

    /// <summary>E.164, when the channel says it.</summary>
    public string? Phone { get; init; }

    public string? Name { get; init; }

    /// <summary>The report that is being told.</summary>
    public Draft? Draft { get; init; }

    /// <summary>The last one that was sent on.</summary>
    public SentReport? Last { get; init; }

    /// <summary>A report that may be about the same thing, as long as the citizen has not said what he thinks of it.</summary>
    public SimilarReport? Similar { get; init; }

    /// <summary>Messages in a row that led nowhere.</summary>
    public int Failures { get; init; }

    /// <summary>When the citizen last wrote: free answers are allowed for a day after it on some channels.</summary>
    public DateTimeOffset? LastHeard { get; init; }

    /// <summary>How much was written lately.</summary>
    public FloodCount? Flood { get; init; }

    /// <summary>Ids of the last events, the newest last.</summary>
    public IReadOnlyList<string> Seen { get; init; } = [];
}

/// <summary>What was asked last.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Question>))]
public enum Question
{
    None,
    What,
    Place,
}

/// <summary>A report as far as it is told.</summary>
public sealed record Draft
{
    /// <summary>The provider's id of the first event: the report's source identity.</summary>
    public required string SourceEvent { get; init; }

    /// <summary>When the first event was sent; its year is the number's.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the last event was sent.</summary>
    public required DateTimeOffset TouchedAt { get; init; }

    public ReportKind Kind { get; init; }

    public string? Text { get; init; }

    public ReportPlace? Place { get; init; }

    public IReadOnlyList<InboundMedia> Media { get; init; } = [];

    public Question Asked { get; init; }

    [JsonIgnore]
    public bool HasWhat => Text is not null || Media.Count > 0;
}

/// <summary>A report that was sent on.</summary>
/// <param name="At">When the citizen sent what completed it.</param>
/// <param name="Files">Files sent with it and after it.</param>
/// <param name="Open">Whether what comes shortly after still belongs to it.</param>
public sealed record SentReport(string Number, string SourceHash, DateTimeOffset At, int Files, bool Open);

/// <summary>A report that was shown beside one's own (بلاغ مشابه).</summary>
/// <param name="Own">The own report.</param>
/// <param name="Other">The stranger's; it is never said.</param>
public sealed record SimilarReport(string Own, string SourceHash, string Other, DateTimeOffset At);

/// <summary>The citizen's word on it.</summary>
/// <param name="Same">Whether it is the same thing: then the own report is joined with that one.</param>
public sealed record WordOnSimilar(SimilarReport Similar, bool Same);

/// <summary>JSON of conversations.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DialogueState))]
public sealed partial class DialogueJson : JsonSerializerContext
{
    /// <summary>Nulls left out, letters of every script written as themselves.</summary>
    public static DialogueJson Compact { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>One answer.</summary>
/// <param name="Event">The event that it answers.</param>
/// <param name="Template">Template name in the catalogue.</param>
/// <param name="IsQuestion">Whether it asks for something: a later step may make it pointless.</param>
public sealed record Reply(
    string Event,
    string Template,
    IReadOnlyDictionary<string, string> Values,
    bool IsQuestion = false,
    bool AskLocation = false,
    IReadOnlyList<ReplyButton>? Buttons = null);

/// <summary>A report that is told to its end.</summary>
/// <param name="At">When the event that completed it was accepted.</param>
public sealed record Submission(
    string Number,
    string SourceHash,
    ReportKind Kind,
    string? Text,
    ReportPlace? Place,
    DateTimeOffset At);

/// <summary>A file of a report that is to be fetched from the channel.</summary>
public sealed record MediaOfReport(string Number, string SourceHash, InboundMedia Media, DateTimeOffset At)
{
    /// <summary>Always the same for the same file of the same report.</summary>
    public string AttachmentId => Reports.ReportNumber.SourceHash(Number, Media.Id)[..24];
}

/// <summary>What follows from events.</summary>
public sealed record DialogueResult(
    DialogueState State, IReadOnlyList<Reply> Replies, IReadOnlyList<Submission> Submissions, IReadOnlyList<MediaOfReport> Media)
{
    public IReadOnlyList<WordOnSimilar> Words { get; init; } = [];
}
