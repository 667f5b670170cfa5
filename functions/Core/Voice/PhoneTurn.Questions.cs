using System.Globalization;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;

namespace Serverless940.Core.Voice;

internal sealed partial class PhoneTurn
{
    private void Ask(CallStep step)
    {
        switch (step)
        {
            case CallStep.Language:
                AskLanguage();
                break;
            case CallStep.Menu:
                AskMenu();
                break;
            case CallStep.Category:
                AskCategory();
                break;
            case CallStep.Place:
                AskPlace();
                break;
            case CallStep.NationalAddress:
                Say("place.nationalAddress.ask");
                _wait = new CallWait.Keys(null, 15);
                break;
            case CallStep.Plate:
                Say("place.plate.ask");
                _wait = new CallWait.Keys(null, 10);
                break;
            case CallStep.ConfirmPlace:
                Say("place.heard");
                Spell(_state.Heard!);
                Offer("place.right", 1);
                Offer("place.wrong", 2);
                WaitForKey();
                break;
            case CallStep.Description or CallStep.Complaint:
                Say(step == CallStep.Description ? "describe.ask" : "complaint.ask");
                _wait = new CallWait.Voice(PhoneTree.LongestVoice);
                break;
            case CallStep.StatusNumber or CallStep.FollowUpNumber or CallStep.RateNumber:
                AskNumber();
                break;
            case CallStep.Information:
                AskInformation();
                break;
            case CallStep.News:
                AskAfterNews();
                break;
            default:
                AskAboutReport(step);
                break;
        }
    }

    private void AskLanguage()
    {
        for (var index = 0; index < languages.Count; index++)
        {
            _prompts.Add(new Prompt.Clip("language.choose", languages[index]));
            Press(index + 1, languages[index]);
        }

        WaitForKey();
    }

    private void AskMenu()
    {
        Offer("menu.report", 1);
        Offer("menu.status", 2);
        Offer("menu.followUp", 3);
        Offer("menu.rate", 4);
        if (policy.Information.Count > 0)
        {
            Offer("menu.information", 5);
        }

        if (phone is not null)
        {
            Offer(_state.ByVoice ? "menu.byText" : "menu.byVoice", 8);
        }

        if (languages.Count > 1)
        {
            Offer("menu.language", 9);
        }

        Offer("menu.agent", 0);
        WaitForKey();
    }

    private void AskCategory()
    {
        Say("category.ask");
        foreach (var category in policy.Categories.Values.Where(category => category.KeypadDigit is not null).OrderBy(category => category.KeypadDigit))
        {
            _prompts.Add(new Prompt.Words("category." + category.Code, category.Name.In(_state.Language)));
            Press(category.KeypadDigit!.Value);
        }

        Offer("category.other", 0);
        WaitForKey();
    }

    private void AskPlace()
    {
        Say("place.ask");
        Offer("place.nationalAddress", 1);
        Offer("place.plate", 2);
        if (_state.LastPlace is not null)
        {
            Offer("place.last", 3);
        }

        Offer("place.describe", 4);
        WaitForKey();
    }

    private void AskNumber()
    {
        Say("number.ask");
        if (_state.LastNumber is not null)
        {
            Say("number.last");
        }

        _wait = new CallWait.Keys(ReportNumber.Length, 12);
    }

    private void AskInformation()
    {
        Say("information.ask");
        foreach (var topic in policy.Information.OrderBy(topic => topic.KeypadDigit))
        {
            _prompts.Add(new Prompt.Words("topic." + topic.Id + ".title", topic.Title.In(_state.Language)));
            Press(topic.KeypadDigit);
        }

        Say("menu.main");
        WaitForKey();
    }

    private void AskAboutReport(CallStep step)
    {
        switch (step)
        {
            case CallStep.Submitted or CallStep.FollowedUp:
                Say(step == CallStep.Submitted ? "submitted.number" : "followedUp.number");
                Spell(_state.Sent!);
                Offer("hearAgain", 1);
                Say("menu.main");
                break;
            case CallStep.Status:
                TellStatus(_state.Report!);
                Offer("hearAgain", 1);
                if (_state.Report!.Mine)
                {
                    Offer("menu.followUp", 2);
                }

                if (_state.Report is { Mine: true, CanRate: true })
                {
                    Offer("menu.rate", 3);
                }

                Say("menu.main");
                break;
            case CallStep.Solved:
                Say("rate.solved");
                break;
            case CallStep.Quality:
                Say("rate.quality");
                break;
            case CallStep.Speed:
                Say("rate.speed");
                break;
            case CallStep.RateAgent:
                Say("rate.agent");
                break;
            default:
                Say("menu.main");
                break;
        }

        WaitForKey();
    }

    private void TellStatus(AskedReport asked)
    {
        if (asked.Mine && policy.Categories.TryGetValue(asked.Category, out var category))
        {
            Say("status.about");
            _prompts.Add(new Prompt.Words("category." + asked.Category, category.Name.In(_state.Language)));
        }

        Say("status." + char.ToLowerInvariant(asked.Status.ToString()[0]) + asked.Status.ToString()[1..]);
        if (!asked.Mine)
        {
            return;
        }

        if (asked is { Status: ReportStatus.Referred, Agency: { } id } && policy.Agencies.TryGetValue(id, out var agency))
        {
            _prompts.Add(new Prompt.Words("agency." + id, agency.Name.In(_state.Language)));
        }

        if (asked.PromisedOn is { } day)
        {
            Say("status.promised");
            var number = day.Day.ToString(CultureInfo.InvariantCulture);
            _prompts.Add(new Prompt.Words("number." + number, number));
            Say("month." + day.Month.ToString(CultureInfo.InvariantCulture));
        }
    }
}
