using System.Globalization;
using Serverless940.Core.Geo;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Routing;

namespace Serverless940.Core.Channels;

/// <summary>One step of a dialogue while it is taken.</summary>
internal sealed partial class Turn(Channel channel, DialogueState state, InboundEvent e, Policy policy, DateTimeOffset now)
{
    private const string NoPlace = "noPlace:";
    private const int LongestAddress = 300;

    private readonly List<Reply> _replies = [];
    private readonly List<Submission> _submissions = [];
    private readonly List<MediaOfReport> _media = [];

    // A sender's clock that runs ahead must not keep a draft alive.
    private readonly DateTimeOffset _at = e.SentAt < now ? e.SentAt : now;
    private DialogueState _state = state;

    public DialogueResult Take()
    {
        _state = _state with
        {
            Seen = [.. _state.Seen.Skip(Math.Max(0, _state.Seen.Count + 1 - DialogueState.Memory)), e.EventId],
            Phone = e.Phone ?? _state.Phone,
            Name = Words.Clean(e.DisplayName) ?? _state.Name,
            LastHeard = _state.LastHeard > _at ? _state.LastHeard : _at,
            Language = _state.Language ?? policy.City.DefaultLanguage,
        };
        if (IsFlood())
        {
            return new DialogueResult(_state, _replies, _submissions, _media);
        }

        ExpireDraft();
        switch (e.Kind)
        {
            case InboundKind.Text:
                TakeText();
                break;
            case InboundKind.Media when e.Media is { } media:
                TakeMedia([media, .. e.More ?? []]);
                break;
            case InboundKind.Location when e is { Lat: { } lat, Lon: { } lon }:
                TakePin(new GeoPoint(lat, lon));
                break;
            case InboundKind.Choice:
                TakeChoice();
                break;
            case InboundKind.Encrypted:
                Say("dialogue.encrypted");
                break;
            default:
                TakeUnsupported();
                break;
        }

        return new DialogueResult(_state, _replies, _submissions, _media) { Words = _words };
    }

    private bool IsFlood()
    {
        var (count, dropped) = Flood.Take(channel, _state.Flood, e, _at, policy);
        if (dropped && !count.Told)
        {
            count = count with { Told = true };
            Say("dialogue.flood");
        }

        _state = _state with { Flood = count };
        return dropped;
    }

    private void ExpireDraft()
    {
        if (_state.Draft is { } draft && _at - draft.TouchedAt > Dialogue.DraftLife)
        {
            _state = _state with { Draft = null, Failures = 0 };
            Say("dialogue.expired");
        }
    }

    private void TakeMedia(IReadOnlyList<InboundMedia> files)
    {
        var caption = Words.Clean(e.Text);
        if (_state.Draft is null && _state.Last is { Open: true } last && _at - last.At <= Dialogue.AttachWithin
            && !(caption is not null && Words.Fold(caption).Count > 3))
        {
            Attach(last, files);
            return;
        }

        var draft = DraftOrNew();
        var taken = Fitting(files, draft.Media.Count);
        _state = _state with { Draft = draft with { Media = [.. draft.Media, .. taken] }, Failures = 0 };
        if (caption is not null)
        {
            Hear(caption);
            TakeCaption(caption);
        }

        Proceed();
    }

    /// <summary>As many of the files as a report still takes; if not all, the citizen is told.</summary>
    private List<InboundMedia> Fitting(IReadOnlyList<InboundMedia> files, int before)
    {
        var most = policy.Intake.MaxAttachments;
        if (before + files.Count > most)
        {
            Say("dialogue.tooMany", ("most", most.ToString(CultureInfo.InvariantCulture)));
        }

        return [.. files.Take(Math.Max(0, most - before))];
    }

    // A caption describes its photo, whatever was asked; a place in it counts all the same.
    private void TakeCaption(string caption)
    {
        var found = PlaceInText.Find(caption);
        Locate(found, out _);
        if (Words.SaysSomething(found.Rest))
        {
            AddText(found.Rest!);
        }
    }

    private void Attach(SentReport last, IReadOnlyList<InboundMedia> files)
    {
        var taken = Fitting(files, last.Files);
        if (taken.Count == 0)
        {
            return;
        }

        _media.AddRange(taken.Select(media => new MediaOfReport(last.Number, last.SourceHash, media, e.ReceivedAt)));
        _state = _state with { Last = last with { Files = last.Files + taken.Count }, Failures = 0 };
        Say("dialogue.attached", ("number", last.Number));
    }

    private void TakePin(GeoPoint point)
    {
        if (PlaceCheck.Check(policy, point) != PlaceVerdict.Accepted)
        {
            Fail("dialogue.outside", mayGoWithout: false);
            return;
        }

        var name = Words.Clean(e.PlaceName);
        SetPlace(new ReportPlace(point.Lat, point.Lon, name is null ? null : Words.Clip(name, LongestAddress)));
        _state = _state with { Failures = 0 };
        Proceed();
    }

    private void TakeChoice()
    {
        if (TakeWordOnSimilar())
        {
            return;
        }

        if (_state.Draft is { } draft && e.ChoiceId == NoPlace + Nonce(draft) && draft.HasWhat)
        {
            Submit();
        }
        else if (e.ChoiceId == Dialogue.Start)
        {
            Welcome();
        }
        else if (e.ChoiceId is { } id && id.StartsWith(NoPlace, StringComparison.Ordinal))
        {
            Say("dialogue.stale");
            AskAgain();
        }
        else
        {
            // A button that somebody else put there: its title is what the citizen said.
            TakeText();
        }
    }

    private void TakeUnsupported()
    {
        Say("dialogue.unsupported");
        if (Words.Clean(e.Text) is { } words && Words.SaysSomething(words))
        {
            Hear(words);
            TakeContent(words);
        }
        else
        {
            AskAgain();
        }
    }

    /// <summary>Goes on with what is known: sends the report, or asks for what is missing.</summary>
    private void Proceed()
    {
        if (_state.Draft is not { } draft)
        {
            return;
        }

        if (draft.HasWhat && (draft.Place is not null || draft.Kind == ReportKind.Enquiry))
        {
            Submit();
        }
        else if (!draft.HasWhat)
        {
            Ask(Question.What, "dialogue.askWhat");
        }
        else
        {
            Ask(Question.Place, draft.Asked == Question.Place ? "dialogue.stillPlace" : "dialogue.askPlace");
        }
    }

    private void AskAgain()
    {
        if (_state.Draft is not null)
        {
            Proceed();
        }
    }

    /// <summary>It led nowhere. After a second time in a row what there is goes to a person, or the citizen to the telephone.</summary>
    private void Fail(string template, bool mayGoWithout = true)
    {
        var failures = _state.Failures + 1;
        _state = _state with { Failures = failures };
        if (failures < Dialogue.Patience)
        {
            AskDifferently(template);
        }
        else if (mayGoWithout && _state.Draft is { HasWhat: true })
        {
            Submit();
        }
        else
        {
            _state = _state with { Failures = 0 };
            Say("dialogue.handOver");
        }
    }

    private void AskDifferently(string template)
    {
        if (_state.Draft is { HasWhat: true } draft)
        {
            _state = _state with { Draft = draft with { Asked = Question.Place, TouchedAt = _at } };
            _replies.Add(new Reply(
                e.EventId, template, Values(), IsQuestion: true, Buttons: [new ReplyButton(NoPlace + Nonce(draft), "dialogue.button.noPlace")]));
        }
        else
        {
            _replies.Add(new Reply(e.EventId, template, Values(), IsQuestion: true));
        }
    }

    private void Submit()
    {
        var draft = _state.Draft!;
        var source = ReportNumber.SourceHash(channel.ToString().ToLowerInvariant(), draft.SourceEvent);
        var year = policy.Calendars[policy.City.Calendar].ToLocal(draft.StartedAt).Year;
        var number = ReportNumber.Derive(source, year);
        _submissions.Add(new Submission(number, source, draft.Kind, draft.Text, draft.Place, e.ReceivedAt));
        foreach (var media in draft.Media)
        {
            _media.Add(new MediaOfReport(number, source, media, e.ReceivedAt));
        }

        if (draft.Place is null && draft.Kind != ReportKind.Enquiry)
        {
            Say("dialogue.withoutPlace");
        }

        _state = _state with { Draft = null, Failures = 0, Last = new SentReport(number, source, _at, draft.Media.Count, true) };
    }

    private Draft DraftOrNew() => _state.Draft is { } draft
        ? draft with { TouchedAt = _at }
        : new Draft { SourceEvent = e.EventId, StartedAt = e.SentAt, TouchedAt = _at };

    private void SetPlace(ReportPlace place) => _state = _state with { Draft = DraftOrNew() with { Place = place } };

    private void Ask(Question question, string template)
    {
        _state = _state with { Draft = _state.Draft! with { Asked = question, TouchedAt = _at } };
        _replies.Add(new Reply(e.EventId, template, Values(), IsQuestion: true, AskLocation: question == Question.Place));
    }

    private void Say(string template, params (string Name, string Value)[] values) =>
        _replies.Add(new Reply(e.EventId, template, Values(values)));

    private static Dictionary<string, string> Values(params (string Name, string Value)[] values) =>
        values.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);

    private static string Nonce(Draft draft) => ReportNumber.SourceHash(draft.SourceEvent)[..8];
}
