using System.Text;
using System.Text.Json;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Tests.Policies;
using Serverless940.Core.Voice;

namespace Serverless940.Core.Tests.Voice;

/// <summary>A caller and the phone tree, and what is kept of the call.</summary>
internal sealed class Telephone
{
    public const string Phone = "+966500000001";
    public const string Call = "CA00000000000000000000000000000001";

    private static readonly byte[] s_key = "a key that signs addresses"u8.ToArray();

    private readonly string? _phone;
    private readonly Dictionary<string, Report> _reports;

    private Telephone(string? phone, IEnumerable<Report> reports) => (_phone, _reports) = (phone, reports.ToDictionary(report => report.Number));

    public static IReadOnlyList<string> Languages { get; } = ["ar", "en"];

    public Policy Policy { get; } = ExamplePolicy.Policy;

    /// <summary>A Sunday morning at nine, in working hours.</summary>
    public DateTimeOffset Now { get; set; } = Reports.Orders.Sunday;

    public CallTurn Turn { get; private set; } = null!;

    public CallFile? File { get; private set; }

    public List<CallSaid> Said { get; } = [];

    public List<SubmitReport> Submitted { get; } = [];

    public List<KeptCall> Kept { get; } = [];

    public CallStep Step => Turn.State.Step;

    /// <summary>Names of what was said last.</summary>
    public IEnumerable<string> Heard => Turn.Prompts.OfType<Prompt.Clip>().Select(clip => clip.Name);

    public IEnumerable<string> Spelled => Turn.Prompts.OfType<Prompt.Spelled>().Select(spelled => spelled.Text);

    public static Telephone Dial(string? phone = Phone, CallerProfile? caller = null, DateTimeOffset? at = null, params Report[] reports)
    {
        var telephone = new Telephone(phone, reports);
        telephone.Now = at ?? telephone.Now;
        telephone.Turn = PhoneTree.Answer(Call, phone, caller, Languages, telephone.Policy, telephone.Now);
        return telephone;
    }

    public static Telephone Ring(CallNews news, Report? report = null, string phone = Phone)
    {
        var telephone = new Telephone(phone, report is null ? [] : [report]);
        telephone.Turn = PhoneTree.Tell(Call, phone, news, report, Languages, telephone.Policy, telephone.Now);
        return telephone;
    }

    public Telephone Press(params string[] keys)
    {
        foreach (var one in keys)
        {
            Hear(new CallInput(one));
        }

        return this;
    }

    public Telephone Silence() => Hear(new CallInput());

    public Telephone Speak(string recording = "RE1") => Hear(new CallInput(Recording: recording));

    public Telephone Dialled(string became) => Hear(new CallInput(Dialled: became));

    public Telephone HangUp()
    {
        Keep(new CallSaid(Call, int.MaxValue, _phone, "ar", null, null, null, null, null, null, CallEnd.Over, Now));
        return this;
    }

    /// <summary>The next step's address, as the provider sends it back.</summary>
    public string Address() => SealedText.Seal(s_key, "state", Call, JsonSerializer.Serialize(Turn.State, VoiceJson.Compact.CallState));

    private Telephone Hear(CallInput input)
    {
        Assert.IsNotType<CallWait.HangUp>(Turn.Wait);
        // Through the address and back, as every step goes.
        var state = JsonSerializer.Deserialize(SealedText.Open(s_key, "state", Call, Address())!, VoiceJson.Compact.CallState)!;
        var number = PhoneTree.NumberNeeded(state, input);
        Turn = PhoneTree.Step(state, input, _phone, number is null ? null : _reports.GetValueOrDefault(number), Languages, Policy, Now);
        if (Turn.Said is { } said)
        {
            Said.Add(said);
            Keep(said);
        }

        return this;
    }

    private void Keep(CallSaid said)
    {
        var (after, submit, kept) = CallFile.Take(File, said);
        File = after;
        Submitted.AddRange(new[] { submit, said.Submit }.OfType<SubmitReport>());
        Kept.AddRange(new[] { kept }.OfType<KeptCall>());
    }
}
