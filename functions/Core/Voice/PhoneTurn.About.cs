using Serverless940.Core.Messages;
using Serverless940.Core.Reports;

namespace Serverless940.Core.Voice;

internal sealed partial class PhoneTurn
{
    /// <summary>News whose words are a closing: the survey follows.</summary>
    private const string Closing = "closed";

    public CallTurn BeginNews()
    {
        _state = _state with { Report = report is null ? null : Facts(report) };
        Say("news.greeting");
        Go(CallStep.News);
        return Turn();
    }

    private void AskAfterNews()
    {
        var news = _state.News!;
        Say("news." + news.Template);
        if (news.Words is not null)
        {
            _prompts.Add(new Prompt.Words(null, news.Words));
        }

        Say("news.number");
        Spell(news.Number);
        if (news.Case is { } number)
        {
            Say("news.case");
            Spell(number);
        }

        Offer("hearAgain", 1);
        if (CanSurvey)
        {
            Offer("menu.rate", 2);
        }

        WaitForKey();
    }

    private bool CanSurvey => _state is { News.Template: Closing, Report: { Mine: true, CanRate: true } };

    private void HearNews()
    {
        switch (Key())
        {
            case 1:
                Go(CallStep.News);
                break;
            case 2 when CanSurvey:
                BeginRating(_state.Report!);
                break;
            default:
                SayGoodbye();
                break;
        }
    }

    private void HearAboutReport()
    {
        switch (_state.Step)
        {
            case CallStep.StatusNumber or CallStep.FollowUpNumber or CallStep.RateNumber:
                HearNumber();
                break;
            case CallStep.Status:
                HearAfterStatus();
                break;
            case CallStep.Complaint:
                HearComplaint();
                break;
            case CallStep.Solved or CallStep.Quality or CallStep.Speed or CallStep.RateAgent:
                HearRating();
                break;
            default:
                HearAgainOrGoodbye();
                break;
        }
    }

    private void HearNumber()
    {
        if (input.IsSilence)
        {
            Again();
        }
        else if (report is null)
        {
            Again(PhoneTree.NumberNeeded(_state, input) is null ? "number.wrong" : "number.unknown");
        }
        else
        {
            TakeReport(Facts(report));
        }
    }

    // The number alone opens how a report stands, as the keys have no other proof; what changes it takes the reporter's phone.
    private void TakeReport(AskedReport asked)
    {
        var step = _state.Step;
        _state = _state with { Report = asked };
        if (step == CallStep.StatusNumber)
        {
            Go(CallStep.Status);
        }
        else if (!asked.Mine)
        {
            Say("number.otherPhone");
            Go(CallStep.Menu);
        }
        else if (step == CallStep.FollowUpNumber)
        {
            BeginFollowUp(asked);
        }
        else if (asked.CanRate)
        {
            BeginRating(asked);
        }
        else
        {
            Say("rate.notNow");
            Go(CallStep.Menu);
        }
    }

    private void HearAfterStatus()
    {
        switch (Key())
        {
            case 1:
                Go(CallStep.Status);
                break;
            case 2 when _state.Report!.Mine:
                BeginFollowUp(_state.Report);
                break;
            case 3 when _state.Report is { Mine: true, CanRate: true } asked:
                BeginRating(asked);
                break;
            default:
                SayGoodbye();
                break;
        }
    }

    private void BeginFollowUp(AskedReport asked)
    {
        var (source, _) = Source("phone-follow-up");
        _state = _state with { Begun = _state.Begun + 1, Draft = new CallDraft(CallPurpose.FollowUp, source, asked.Number, now) };
        Keep();
        Go(CallStep.Complaint);
    }

    private void HearComplaint()
    {
        if (input.Recording is null && _state.Failures == 0)
        {
            Say("again.silence");
            Go(CallStep.Complaint);
            _state = _state with { Failures = 1 };
            return;
        }

        var draft = _state.Draft!;
        var caseNumber = ReportNumber.Derive(draft.SourceHash, policy.Calendars[policy.City.Calendar].ToLocal(draft.StartedAt).Year);
        var recording = Fetch(draft.Number, _state.Report!.Source, input.Recording);
        _state = _state with { Draft = null, Sent = caseNumber };
        Keep(
            followUp: new FollowUp
            {
                Number = draft.Number,
                CommandId = "follow-" + caseNumber,
                At = now,
                Actor = Actor.Citizen,
                CaseNumber = caseNumber,
                AttachmentIds = recording is null ? [] : [recording.AttachmentId],
            },
            recording: recording);
        Go(CallStep.FollowedUp);
    }

    private void BeginRating(AskedReport asked)
    {
        var (source, _) = Source("phone-rating");
        _state = _state with { Begun = _state.Begun + 1, Draft = new CallDraft(CallPurpose.Rating, source, asked.Number, now) };
        Go(CallStep.Solved);
    }

    private void HearRating()
    {
        var draft = _state.Draft!;
        switch ((_state.Step, Key()))
        {
            case (CallStep.Solved, >= 1 and <= 3 and var key):
                Note(draft with { Solved = (Solved)(key - 1) }, CallStep.Quality);
                break;
            case (CallStep.Quality, >= 1 and <= 5 and var key):
                Note(draft with { Quality = key }, CallStep.Speed);
                break;
            case (CallStep.Speed, >= 1 and <= 5 and var key) when _state.Report!.HasAgent:
                Note(draft with { Speed = key }, CallStep.RateAgent);
                break;
            case (CallStep.Speed, >= 1 and <= 5 and var key):
                SendRating(draft with { Speed = key }, null);
                break;
            case (CallStep.RateAgent, >= 0 and <= 5 and var key):
                SendRating(draft, key == 0 ? null : key);
                break;
            default:
                Again();
                break;
        }
    }

    private void Note(CallDraft draft, CallStep next)
    {
        _state = _state with { Draft = draft };
        Keep();
        Go(next);
    }

    private void SendRating(CallDraft draft, int? agent)
    {
        var asked = _state.Report!;
        _state = _state with { Draft = null, Report = asked with { CanRate = false } };
        Keep(rate: new Rate
        {
            Number = asked.Number,
            // One rating a closing, by whatever way it comes.
            CommandId = FormattableString.Invariant($"rate-{asked.Number}-{asked.Closures}"),
            At = now,
            Actor = Actor.Citizen,
            Quality = draft.Quality!.Value,
            Speed = draft.Speed!.Value,
            Agent = agent,
            Solved = draft.Solved!.Value,
        });
        Say("rate.thanks");
        Go(CallStep.Rated);
    }

    private AskedReport Facts(Report found) => new(
        found.Number,
        found.SourceHash[..32],
        found.Status,
        found.Category,
        found.Municipality,
        found.Agency,
        found.IsOpen && found.PromisedBy is { } promised ? DateOnly.FromDateTime(policy.Calendars[policy.City.Calendar].ToLocal(promised)) : null,
        phone is not null && found.Reporter.Phone == phone,
        found.Status == ReportStatus.Closed && found.RatedClosure < found.Closures && now <= found.RateUntil,
        found.Agent is not null,
        found.Closures);
}
