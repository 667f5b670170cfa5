using System.Globalization;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;

namespace Serverless940.Core.Voice;

internal sealed partial class PhoneTurn
{
    private const int LongestPlate = 12;

    private void HearReport()
    {
        switch (_state.Step)
        {
            case CallStep.Category:
                HearCategory();
                break;
            case CallStep.Place:
                HearPlace();
                break;
            case CallStep.NationalAddress:
                if (KeypadCode.TryRead(input.Keys, out var code))
                {
                    Confirm(code);
                }
                else
                {
                    Again();
                }

                break;
            case CallStep.Plate:
                if (input.Keys is { Length: > 0 and <= LongestPlate } plate && plate.All(char.IsAsciiDigit))
                {
                    Confirm(plate);
                }
                else
                {
                    Again();
                }

                break;
            case CallStep.ConfirmPlace:
                HearConfirmation();
                break;
            case CallStep.Description:
                HearDescription();
                break;
            default:
                HearAgainOrGoodbye();
                break;
        }
    }

    private void HearCategory()
    {
        var key = Key();
        var category = policy.Categories.Values.FirstOrDefault(category => key is not null && category.KeypadDigit == key)?.Code;
        if (category is null && key != 0)
        {
            Again();
            return;
        }

        var (source, number) = Source("phone");
        _state = _state with
        {
            Begun = _state.Begun + 1,
            Draft = new CallDraft(CallPurpose.NewReport, source, number, now, category),
        };
        Keep();
        Go(CallStep.Place);
    }

    private void HearPlace()
    {
        switch (Key())
        {
            case 1:
                Go(CallStep.NationalAddress);
                break;
            case 2:
                Go(CallStep.Plate);
                break;
            case 3 when _state.LastPlace is { } last:
                TakePlace(last);
                break;
            case 4:
                Go(CallStep.Description);
                break;
            default:
                Again();
                break;
        }
    }

    private void Confirm(string heard)
    {
        _state = _state with { Heard = heard };
        Go(CallStep.ConfirmPlace);
    }

    private void HearConfirmation()
    {
        switch (Key())
        {
            case 1:
                TakePlace(char.IsAsciiLetter(_state.Heard![0]) ? new ReportPlace(NationalAddress: _state.Heard) : new ReportPlace(PlateCode: _state.Heard));
                break;
            case 2:
                Go(CallStep.Place);
                break;
            default:
                Again();
                break;
        }
    }

    private void TakePlace(ReportPlace place)
    {
        _state = _state with { Draft = _state.Draft! with { Place = place }, Heard = null };
        Keep();
        Go(CallStep.Description);
    }

    // Whoever says nothing is asked once more; what the keys told is enough then, when it is.
    private void HearDescription()
    {
        var draft = _state.Draft!;
        if (input.Recording is null && _state.Failures == 0)
        {
            Say("again.silence");
            Go(CallStep.Description);
            _state = _state with { Failures = 1 };
            return;
        }

        draft = draft with { Recording = input.Recording ?? draft.Recording };
        _state = _state with { Draft = draft };
        if (Submit(draft))
        {
            Say("submitted.thanks");
            Go(CallStep.Submitted);
        }
        else
        {
            // Neither what nor where nor whom to ask: a person has to.
            Keep();
            Say("submitted.tooLittle");
            ToAgent();
        }
    }

    /// <summary>Sends the draft as a report, when there is enough of it.</summary>
    private bool Submit(CallDraft draft)
    {
        if (CallFile.ReportOf(draft, phone, _state.Language, _state.ByVoice, now) is not { } submit)
        {
            return false;
        }

        _state = _state with { Draft = null, Sent = draft.Number, LastNumber = draft.Number, LastPlace = draft.Place ?? _state.LastPlace };
        Keep(submit: submit, recording: Fetch(draft.Number, draft.SourceHash, draft.Recording));
        return true;
    }

    private FetchMedia? Fetch(string number, string source, string? recording)
    {
        if (recording is null)
        {
            return null;
        }

        var file = new MediaOfReport(number, source, new InboundMedia(recording, null, null, true), now);
        return new FetchMedia(number, file.AttachmentId, Channel.Phone, recording, null, Actor.Citizen, now, SourceHash: source);
    }

    private void HearAgainOrGoodbye()
    {
        if (Key() == 1)
        {
            Go(_state.Step);
        }
        else
        {
            SayGoodbye();
        }
    }

    /// <summary>Source identity and number of the next thing begun in this call: the same keys, however often they come, make the same one.</summary>
    private (string Source, string Number) Source(string kind)
    {
        var source = ReportNumber.SourceHash(kind, _state.Call, _state.Begun.ToString(CultureInfo.InvariantCulture));
        return (source, ReportNumber.Derive(source, policy.Calendars[policy.City.Calendar].ToLocal(now).Year));
    }
}
