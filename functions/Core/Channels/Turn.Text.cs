using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Core.Routing;

namespace Serverless940.Core.Channels;

/// <summary>What a text does.</summary>
internal sealed partial class Turn
{
    private void TakeText()
    {
        if (Words.Clean(e.Text) is not { } text)
        {
            Fail(NotUnderstood);
            return;
        }

        if (Intents.LanguageAsked(text, _state.Language) is { } asked)
        {
            _state = _state with { Language = asked, LanguageChosen = true };
            Say("dialogue.language");
            AskAgain();
            return;
        }

        Hear(text);
        var intent = Intents.Of(text, _state.Language);
        switch (intent)
        {
            case Intent.Greeting or Intent.Help when _state.Draft is null:
                Welcome();
                break;
            case Intent.Help:
                Say("dialogue.welcome");
                AskAgain();
                break;
            case Intent.Greeting or Intent.Thanks when _state.Draft is not null:
                AskAgain();
                break;
            case Intent.Thanks:
                Say("dialogue.thanks");
                break;
            case Intent.Person:
                Say("dialogue.handOver");
                break;
            case Intent.Restart:
                Restart();
                break;
            case Intent.Status:
                TellStatus();
                break;
            case Intent.DoNotKnow:
                Fail(NotUnderstood);
                break;
            default:
                TakeNumberOrContent(text);
                break;
        }
    }

    private string NotUnderstood => _state.Draft is { HasWhat: true } ? "dialogue.askPlaceAgain" : "dialogue.notUnderstood";

    private void Welcome() => _replies.Add(new Reply(e.EventId, "dialogue.welcome", Values(), IsQuestion: true));

    private void Restart()
    {
        _state = _state with { Draft = null, Failures = 0, Last = _state.Last is { } last ? last with { Open = false } : null };
        _replies.Add(new Reply(e.EventId, "dialogue.restarted", Values(), IsQuestion: true));
    }

    private void TellStatus()
    {
        if (_state.Last is { } last)
        {
            Say("dialogue.status", ("number", last.Number));
        }
        else
        {
            Say("dialogue.statusNumber");
        }

        AskAgain();
    }

    private void TakeNumberOrContent(string text)
    {
        if (Intents.NumberIn(text) is not { } number)
        {
            TakeContent(text);
            return;
        }

        // Whether there is such a report is for its own page to say, to who holds its link.
        if (ReportNumber.IsValid(number))
        {
            Say("dialogue.status", ("number", number));
        }
        else
        {
            Say("dialogue.wrongNumber");
        }

        AskAgain();
    }

    private void TakeContent(string text)
    {
        var found = PlaceInText.Find(text);
        var words = Words.SaysSomething(found.Rest) ? found.Rest : null;
        var asked = _state.Draft is { HasWhat: true, Asked: Question.Place, Place: null };
        var described = _state.Draft?.Text is not null;
        var placed = Locate(found, out var problem);
        if (problem is not null)
        {
            if (words is not null && !asked)
            {
                AddText(words);
            }

            Fail(problem, mayGoWithout: false);
            return;
        }

        if (asked && described)
        {
            AddAddress(words);
        }
        else if (words is not null)
        {
            // Under a photo alone, the first words say what it shows; where it is only if they name a place.
            AddText(words);
            if (asked && !placed && NamesPlace(words))
            {
                AddAddress(words);
            }
        }

        if (found.ShortMapLink is { } link && _state.Draft?.Place is null)
        {
            TakeUnreadableLink(link);
        }
        else if (!placed && words is null)
        {
            Fail(NotUnderstood);
        }
        else
        {
            _state = _state with { Failures = 0 };
            Proceed();
        }
    }

    private bool NamesPlace(string words)
    {
        var read = RoutingIndex.Of(policy).Names.Read(words);
        return read.Towns.Count > 0 || read.Districts.Count > 0 || Intents.PointsSomewhere(words);
    }

    /// <summary>Keeps the place that stands in a text; says what is wrong with one that cannot be ours.</summary>
    private bool Locate(PlaceInText found, out string? problem)
    {
        problem = null;
        if (found.Point is { } point)
        {
            if (PlaceCheck.Check(policy, point) == PlaceVerdict.Accepted)
            {
                SetPlace(new ReportPlace(point.Lat, point.Lon, NationalAddress: found.NationalAddress));
                return true;
            }

            problem = "dialogue.outside";
        }

        if (found.NationalAddress is null)
        {
            return false;
        }

        problem = null;
        SetPlace(new ReportPlace(NationalAddress: found.NationalAddress));
        return true;
    }

    // A person can open it where we must not: the link goes along if nothing better comes.
    private void TakeUnreadableLink(string link)
    {
        if (_state.Failures + 1 >= Dialogue.Patience && _state.Draft is { HasWhat: true })
        {
            AddAddress(link);
            _state = _state with { Failures = 0 };
            Proceed();
            return;
        }

        Fail("dialogue.mapLink");
    }

    private void AddText(string text)
    {
        var draft = DraftOrNew();
        _state = _state with
        {
            Draft = draft with
            {
                Kind = draft.Text is null ? Intents.KindOf(text) : draft.Kind,
                Text = Words.Clip(draft.Text is null ? text : draft.Text + "\n" + text, policy.Intake.MaxTextLength),
            },
        };
    }

    private void AddAddress(string? words)
    {
        if (words is not null)
        {
            var place = _state.Draft!.Place ?? new ReportPlace();
            SetPlace(place with { Address = Words.Clip(place.Address is null ? words : place.Address + "، " + words, LongestAddress) });
        }
    }

    // The first words of a report say its language, unless the citizen has chosen one.
    private void Hear(string text)
    {
        if (!_state.LanguageChosen && _state.Draft?.Text is null && LanguageGuess.Of(PlaceInText.Find(text).Rest ?? string.Empty, _state.Language) is { } language)
        {
            _state = _state with { Language = language };
        }
    }
}
