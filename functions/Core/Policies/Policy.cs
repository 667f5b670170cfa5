using System.Collections.Frozen;
using NetTopologySuite.Geometries;
using Serverless940.Core.Escalation;
using Serverless940.Core.Text;
using Serverless940.Core.Time;

namespace Serverless940.Core.Policies;

/// <summary>
/// A city's rules as one immutable value: who is responsible where, for what, how soon, and who hears of it. It is read
/// from versioned JSON by <c>PolicyReader</c>, which refuses what does not fit together.
/// </summary>
public sealed record Policy
{
    /// <summary>Content hash, 12 lower-case hex digits; decisions name the version that they used.</summary>
    public required string Version { get; init; }

    /// <summary>The city or region whose centre this is (الأمانة).</summary>
    public required City City { get; init; }

    public required FrozenDictionary<string, Municipality> Municipalities { get; init; }

    public required FrozenDictionary<string, Department> Departments { get; init; }

    public required FrozenDictionary<string, Team> Teams { get; init; }

    /// <summary>By code, e.g. <c>lighting.pole</c>.</summary>
    public required FrozenDictionary<string, Category> Categories { get; init; }

    public required FrozenDictionary<string, Ladder> Ladders { get; init; }

    public required FrozenDictionary<string, WorkingCalendar> Calendars { get; init; }

    public required FrozenDictionary<string, Agency> Agencies { get; init; }

    public required IntakeRules Intake { get; init; }

    public required SurveyRules Survey { get; init; }

    public ClassificationRules Classification { get; init; } = ClassificationRules.None;

    /// <summary>The telephone's rules; <see langword="null"/> for a centre without agents on the line.</summary>
    public PhoneRules? Phone { get; init; }

    /// <summary>What can be heard by key on the telephone.</summary>
    public IReadOnlyList<InformationTopic> Information { get; init; } = [];

    /// <summary>The department's own calendar, else the city's.</summary>
    public WorkingCalendar CalendarOf(Department department) => Calendars[department.Calendar ?? City.Calendar];
}

/// <summary>The city or region (الأمانة) itself, and its top level.</summary>
/// <param name="Calendar">Calendar of all departments that name none.</param>
/// <param name="Contacts">
/// Top-level roles: <c>amin</c>, <c>dispatcher</c> for what no rule could route, and any role that nobody nearer holds.
/// </param>
/// <param name="Area">The served area; places outside of it are refused, or referred when another body has them.</param>
/// <param name="NearestWithinMetres">How far outside of every boundary a place may lie to count for the nearest one.</param>
public sealed record City(
    string Id,
    LocalizedText Name,
    string DefaultLanguage,
    string Calendar,
    IReadOnlyList<Contact> Contacts,
    Geometry Area,
    double NearestWithinMetres);

/// <summary>A municipality (بلدية): a place to which reports are routed.</summary>
/// <param name="Boundary">WGS84 polygon(s), x = longitude; <see langword="null"/> when no boundary is known yet.</param>
/// <param name="Rank">Tie rule where boundaries overlap: the lower rank wins.</param>
/// <param name="ReferTo">Agency that reports inside are referred to (another amana), instead of a department of ours.</param>
/// <param name="Contacts">Roles of this municipality: <c>municipalityHead</c>.</param>
/// <param name="Districts">District names inside, for places given in words.</param>
/// <param name="Towns">Names by which people call the town; several municipalities may share one (the three of Dammam).</param>
public sealed record Municipality(
    string Id,
    LocalizedText Name,
    Geometry? Boundary,
    int Rank,
    string? ReferTo,
    IReadOnlyList<Contact> Contacts,
    IReadOnlyList<LocalizedText> Districts,
    IReadOnlyList<LocalizedText>? Towns = null);

/// <summary>A department (إدارة) that works reports of its categories in every municipality.</summary>
/// <param name="Contacts">Roles of this department: <c>teamLead</c>, <c>departmentHead</c>.</param>
/// <param name="Calendar">Its own calendar, or <see langword="null"/> for the city's.</param>
public sealed record Department(string Id, LocalizedText Name, IReadOnlyList<Contact> Contacts, string? Calendar);

/// <summary>A field team (فرقة ميدانية).</summary>
public sealed record Team(
    string Id, LocalizedText Name, string Department, string? Municipality, string? Calendar, int Capacity, IReadOnlyList<Contact> Contacts);

/// <summary>A role and how to reach who holds it. Names are role titles, not persons.</summary>
/// <param name="Email">Address, or <see langword="null"/>.</param>
/// <param name="Phone">E.164 number, or <see langword="null"/>.</param>
/// <param name="Language">Language of what is sent.</param>
public sealed record Contact(string Role, LocalizedText Title, string? Email, string? Phone, string Language);

/// <summary>How soon a report should be worked (الأولوية).</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(Text.CamelCaseEnumConverter<Priority>))]
public enum Priority
{
    Low,
    Normal,
    High,

    /// <summary>Danger to people (خطر): real time around the clock, strikes do not apply.</summary>
    Emergency,
}

/// <summary>A category (تصنيف) of report.</summary>
/// <param name="Code">Dotted code; the part before the dot is its group.</param>
/// <param name="Department">Who works it; <see langword="null"/> only when <paramref name="Agency"/> is set.</param>
/// <param name="Ladder">Ladder while it is open.</param>
/// <param name="CloseWithin">Promised time to close, working time (real time for emergencies).</param>
/// <param name="Agency">Agency it is referred to, when it is not ours.</param>
/// <param name="KeypadDigit">Key in the phone tree, 1 to 9, or <see langword="null"/>.</param>
/// <param name="Terms">Weighted terms that speak for it, per language.</param>
/// <param name="ProofRequired">Whether closing needs a photo rather than only a note.</param>
public sealed record Category(
    string Code,
    LocalizedText Name,
    string? Department,
    Priority Priority,
    string Ladder,
    TimeSpan CloseWithin,
    string? Agency,
    int? KeypadDigit,
    IReadOnlyList<CategoryTerm> Terms,
    bool ProofRequired,
    LocalizedText? GroupName = null);

/// <summary>A word or phrase that speaks for a category, with its weight (0 to 10); <paramref name="Hazard"/> makes it an emergency.</summary>
public sealed record CategoryTerm(string Text, string Language, double Weight, bool Hazard = false);

/// <summary>How texts are classified (التصنيف): from when on an answer counts, and the words that help to read.</summary>
/// <param name="CertainFrom">Confidence from which on nobody is asked, above 0 and at most 1.</param>
/// <param name="Offer">How many categories a citizen is offered below that.</param>
/// <param name="Synonyms">Words that mean the same, in all languages and dialects: a term that holds one of them holds all.</param>
/// <param name="Negations">Words that deny what follows them.</param>
/// <param name="NegationsAfter">Words that deny what stands before them.</param>
/// <param name="Fillers">Words that say nothing; terms are found as if they were not there.</param>
/// <param name="Turns">Words that turn to something else, as the end of a clause does (but, لكن).</param>
/// <param name="Hazards">Terms that make any report an emergency and speak for no category.</param>
public sealed record ClassificationRules(
    double CertainFrom,
    int Offer,
    IReadOnlyList<WordGroup> Synonyms,
    IReadOnlyList<string> Negations,
    IReadOnlyList<string> NegationsAfter,
    IReadOnlyList<string> Fillers,
    IReadOnlyList<string> Turns,
    IReadOnlyList<CategoryTerm> Hazards)
{
    /// <summary>Of a policy that says nothing of it: only its categories' own terms.</summary>
    public static ClassificationRules None { get; } = new(0.6, 2, [], [], [], [], [], []);
}

/// <summary>Words that mean the same; <paramref name="Means"/> is for the editor.</summary>
public sealed record WordGroup(string Means, IReadOnlyList<string> Words);

/// <summary>A body outside of the city's own (جهة خارجية) that a report can be referred to.</summary>
/// <param name="AnswerWithin">Its time to answer; the report's own ladder goes on afterwards.</param>
/// <param name="DoWithin">The longest that we wait for what it promises, from the referral on (real time); 30 days when missing.</param>
public sealed record Agency(
    string Id, LocalizedText Name, string? Phone, string? Email, string? Webhook, TimeSpan AnswerWithin, TimeSpan? DoWithin = null);

/// <summary>Limits of taking reports in.</summary>
/// <param name="MaxTextLength">Characters of a report's text.</param>
/// <param name="MaxPhotoBytes">Bytes of one photo.</param>
/// <param name="MaxVoiceBytes">Bytes of one voice note.</param>
/// <param name="MaxAttachments">Attachments of one report.</param>
/// <param name="DuplicateWithinMetres">How near a similar open report counts as a possible duplicate.</param>
/// <param name="DuplicateWithin">How old a similar open report may be to count as one (real time).</param>
/// <param name="FollowersToRaise">People behind a report, unproven phones among them, that raise its priority by one; 0 for never.</param>
/// <param name="ProvenFollowersToRaiseAgain">People with proven phones that raise it by one more; 0 for never.</param>
/// <param name="UnprovenSmsPerDay">SMS a day to a phone nobody has proven.</param>
/// <param name="DefaultCategory">Category of what nothing speaks for; a person decides.</param>
public sealed record IntakeRules(
    int MaxTextLength,
    long MaxPhotoBytes,
    long MaxVoiceBytes,
    int MaxAttachments,
    double DuplicateWithinMetres,
    TimeSpan DuplicateWithin,
    int FollowersToRaise,
    int ProvenFollowersToRaiseAgain,
    int UnprovenSmsPerDay,
    string DefaultCategory);

/// <summary>What happens after closing.</summary>
/// <param name="PoorBelow">A quality or speed under this (1 to 5) is poor.</param>
/// <param name="ReopenOnPoor">Whether a poor rating or "not solved" reopens the report.</param>
/// <param name="AnswerWithin">How long a rating is taken after closing (real time).</param>
/// <param name="MaxReopens">How often the citizen's rating reopens by itself; afterwards a person decides.</param>
/// <param name="VerifyBeforeClose">Whether someone other than the fixer confirms before the citizen is asked.</param>
public sealed record SurveyRules(int PoorBelow, bool ReopenOnPoor, TimeSpan AnswerWithin, int MaxReopens, bool VerifyBeforeClose);

/// <summary>The telephone.</summary>
/// <param name="AgentPhone">Where a caller is put through to an agent, E.164.</param>
/// <param name="AgentCalendar">Calendar of the agents' hours.</param>
/// <param name="CallsFrom">From when the centre calls citizens, wall-clock time of the city.</param>
/// <param name="CallsUntil">Until when; what is urgent rings at any time.</param>
public sealed record PhoneRules(string AgentPhone, string AgentCalendar, TimeOnly CallsFrom, TimeOnly CallsUntil);

/// <summary>Something to hear (معلومات مسجلة): a programme, a service, the hours of a holiday.</summary>
/// <param name="KeypadDigit">Its key, 1 to 9.</param>
/// <param name="Title">As it is offered.</param>
/// <param name="Text">What is said.</param>
public sealed record InformationTopic(string Id, int KeypadDigit, LocalizedText Title, LocalizedText Text);
