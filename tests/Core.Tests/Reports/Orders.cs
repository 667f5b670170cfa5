using Serverless940.Core.Messages;
using Serverless940.Core.Reports;

namespace Serverless940.Core.Tests.Reports;

/// <summary>Commands with everything filled in that a test does not care about.</summary>
internal static class Orders
{
    public const string Worker = "worker-1";
    public const string Verifier = "verifier-1";
    public static readonly string Source = ReportNumber.SourceHash("test", "1");
    public static readonly string Number = ReportNumber.Derive(Source, 2026);
    public static readonly string OtherNumber = ReportNumber.Derive(ReportNumber.SourceHash("test", "2"), 2026);

    /// <summary>A Sunday morning at nine in Dammam, no holiday near.</summary>
    public static readonly DateTimeOffset Sunday = new(2026, 3, 29, 6, 0, 0, TimeSpan.Zero);

    public static readonly ReportPlace Dammam = new(26.4282, 50.0881);
    public static readonly ReportPlace AlAhsa = new(25.383, 49.587);
    public static readonly Reporter Citizen = new("+966500000001", false, null, "ar");

    private static int s_ids;

    public static SubmitReport Submit(
        string? category = "lighting.pole",
        ReportPlace? place = null,
        ReportKind kind = ReportKind.Report,
        IReadOnlyList<Attachment>? files = null,
        string? source = null,
        bool noPlace = false,
        string? text = "عمود إنارة مكسور") => new()
        {
            Number = Number,
            CommandId = Id(),
            At = Sunday,
            Actor = Actor.Citizen,
            SourceHash = source ?? Source,
            Channel = Channel.App,
            Kind = kind,
            Category = category,
            Text = text,
            Place = noPlace ? null : place ?? Dammam,
            Reporter = Citizen,
            Attachments = files ?? [],
        };

    public static Attachment File(string id, double? lat = null, double? lon = null, AttachmentPurpose purpose = AttachmentPurpose.Report) =>
        new(id, "image/jpeg", 1000, "blob-" + id, purpose, 100, 100, lat, lon);

    public static AddAttachment Add(Attachment file) => new() { Number = Number, CommandId = Id(), At = Sunday, Actor = Actor.Citizen, Attachment = file };

    public static FollowUp FollowUp(string @case) => new() { Number = Number, CommandId = Id(), At = Sunday, Actor = Actor.Citizen, CaseNumber = @case };

    public static Follow Follow(string phone, bool proven = false) => new()
    {
        Number = Number, CommandId = Id(), At = Sunday, Actor = Actor.Citizen, Follower = new Reporter(phone, proven, null, "en"), Key = KeyOf(phone),
    };

    public static string KeyOf(string phone) => ReportNumber.SourceHash("key", phone)[..32];

    public static Unfollow Unfollow(string key) => new() { Number = Number, CommandId = Id(), At = Sunday, Actor = Actor.Citizen, Key = key };

    public static Join Join(string? from = null, int people = 1, int proven = 0) =>
        new() { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Worker), From = from ?? OtherNumber, People = people, Proven = proven };

    public static Leave Leave(string? from = null) => new() { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Worker), From = from ?? OtherNumber };

    public static Differ Differ(string? other = null) => new() { Number = Number, CommandId = Id(), At = Sunday, Actor = Actor.Citizen, Other = other ?? OtherNumber };

    public static Rate Rate(int quality = 5, int speed = 5, Solved solved = Solved.Yes) =>
        new() { Number = Number, CommandId = Id(), At = Sunday, Actor = Actor.Citizen, Quality = quality, Speed = speed, Solved = solved };

    public static Tick Tick(DateTimeOffset dueAt) => new() { Number = Number, CommandId = Id(), At = dueAt, Actor = Actor.System, DueAt = dueAt };

    public static Assign Assign(string? municipality = null, string? department = null, string? team = null) =>
        new(municipality, department, team) { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Worker) };

    public static Start Start() => new() { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Worker) };

    public static Comment Comment() => new("seen", true) { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Worker) };

    public static Hold Hold(DateTimeOffset until, string reason = "waits for a part") =>
        new(reason, until) { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Worker) };

    public static Refer Refer(string agency = "traffic") => new(agency, null) { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Worker) };

    /// <summary>A word on what the agency was asked last.</summary>
    public static AnswerReferral Agency(Report report, AgencyOutcome outcome, string? note = "seen to", DateTimeOffset? by = null) => new()
    {
        Number = Number, CommandId = Id(), At = Sunday, Actor = new Actor(ActorKind.Agency, report.Agency ?? "traffic"),
        Agency = report.Agency ?? "traffic", Referral = report.Referral?.Sequence ?? 1, Outcome = outcome, Note = note, By = by,
    };

    public static Answer Answer() => new("from eight to two") { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Worker) };

    public static Resolve Resolve(string? note = "mended", string? by = Worker, params string[] files) =>
        new(note, files) { Number = Number, CommandId = Id(), At = Sunday, Actor = By(by) };

    public static Verify Verify(bool confirmed = true, string? by = Verifier) =>
        new(confirmed, null) { Number = Number, CommandId = Id(), At = Sunday, Actor = By(by) };

    public static Reject Reject(string reason = "nothing there") => new(reason) { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Worker) };

    public static Merge Merge(string? into = null) => new(into ?? OtherNumber) { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Worker) };

    public static Unmerge Unmerge() => new() { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Worker) };

    public static Reopen Reopen(string reason = "still broken") => new(reason) { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Verifier) };

    public static Reclassify Reclassify(string category) => new(category) { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Worker) };

    public static FlagMisuse FlagMisuse() => new("insult") { Number = Number, CommandId = Id(), At = Sunday, Actor = By(Worker) };

    private static Actor By(string? id) => new(ActorKind.Staff, id, "field");

    private static string Id() => $"command-{Interlocked.Increment(ref s_ids)}";
}
