using System.Globalization;
using System.Text;

namespace Serverless940.Core.Voice;

/// <summary>Writes what a call does next as TwiML. Verbs and attributes are case-sensitive; whatever comes from outside is escaped.</summary>
public static class Twiml
{
    public const string ContentType = "text/xml; charset=utf-8";

    private const string Head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>";
    private const string Foot = "</Response>";

    /// <summary>Seconds of silence that end a recording.</summary>
    private const int QuietSeconds = 5;

    private const int DialSeconds = 25;

    /// <summary>One turn.</summary>
    /// <param name="language">The call's.</param>
    /// <param name="next">Address of the next step, absolute.</param>
    public static string Write(IReadOnlyList<Prompt> prompts, CallWait wait, string language, Speech speech, Uri next)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(next);
        var xml = new StringBuilder(Head, 1024);
        var address = Escape(next.OriginalString);
        switch (wait)
        {
            case CallWait.Keys keys:
                xml.Append(CultureInfo.InvariantCulture, $"<Gather action=\"{address}\" method=\"POST\" input=\"dtmf\" timeout=\"{keys.Seconds}\" finishOnKey=\"#\" actionOnEmptyResult=\"true\"");
                if (keys.Count is { } count)
                {
                    xml.Append(CultureInfo.InvariantCulture, $" numDigits=\"{count}\"");
                }

                xml.Append('>');
                Say(xml, prompts, language, speech);
                // Without keys some providers go on with what follows; a step always follows.
                xml.Append("</Gather>").Append(CultureInfo.InvariantCulture, $"<Redirect method=\"POST\">{address}</Redirect>");
                break;
            case CallWait.Voice voice:
                Say(xml, prompts, language, speech);
                // An empty recording never calls its action.
                xml.Append(CultureInfo.InvariantCulture, $"<Record action=\"{address}\" method=\"POST\" maxLength=\"{voice.Seconds}\" timeout=\"{QuietSeconds}\" finishOnKey=\"#\" playBeep=\"true\" trim=\"do-not-trim\"/><Redirect method=\"POST\">{address}</Redirect>");
                break;
            case CallWait.Agent agent:
                Say(xml, prompts, language, speech);
                xml.Append(CultureInfo.InvariantCulture, $"<Dial action=\"{address}\" method=\"POST\" timeout=\"{DialSeconds}\"><Number>{Escape(agent.Phone)}</Number></Dial>");
                break;
            default:
                Say(xml, prompts, language, speech);
                xml.Append("<Hangup/>");
                break;
        }

        return xml.Append(Foot).ToString();
    }

    /// <summary>Says something, waits, and comes back to the address.</summary>
    public static string Wait(IReadOnlyList<Prompt> prompts, int seconds, string language, Speech speech, Uri next)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(next);
        var xml = new StringBuilder(Head, 512);
        Say(xml, prompts, language, speech);
        return xml.Append(CultureInfo.InvariantCulture, $"<Pause length=\"{seconds}\"/><Redirect method=\"POST\">{Escape(next.OriginalString)}</Redirect>{Foot}").ToString();
    }

    private static void Say(StringBuilder xml, IReadOnlyList<Prompt> prompts, string language, Speech speech)
    {
        foreach (var prompt in prompts)
        {
            switch (prompt)
            {
                case Prompt.Clip clip:
                    One(xml, clip.Name, PromptCatalogue.Default.Find(clip.Name, clip.Language ?? language), clip.Language ?? language, speech);
                    break;
                case Prompt.Words words:
                    One(xml, words.Name, words.Text, language, speech);
                    break;
                case Prompt.Spelled spelled:
                    Spell(xml, spelled.Text, language, speech);
                    break;
            }
        }
    }

    private static void Spell(StringBuilder xml, string text, string language, Speech speech)
    {
        foreach (var group in Groups(text))
        {
            if (speech.Recorded.Contains(language) && speech.Recordings is not null)
            {
                foreach (var sign in group)
                {
                    One(xml, "sign." + char.ToLowerInvariant(sign), sign.ToString(), language, speech);
                }
            }
            else
            {
                One(xml, null, string.Join(", ", group.ToCharArray()), language, speech);
            }

            xml.Append("<Pause length=\"1\"/>");
        }
    }

    /// <summary>A report's number by twos and fours from its year; a code by fours.</summary>
    public static IReadOnlyList<string> Groups(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var first = text.Length % 4 == 0 ? Math.Min(4, text.Length) : text.Length % 4;
        var groups = new List<string>();
        for (var at = 0; at < text.Length; at += groups.Count == 1 ? first : 4)
        {
            groups.Add(text.Substring(at, Math.Min(groups.Count == 0 ? first : 4, text.Length - at)));
        }

        return groups;
    }

    private static void One(StringBuilder xml, string? name, string text, string language, Speech speech)
    {
        if (name is not null && speech.Recordings is { } recordings && speech.Recorded.Contains(language))
        {
            xml.Append(CultureInfo.InvariantCulture, $"<Play>{Escape(new Uri(recordings, $"{language}/{name}.mp3").AbsoluteUri)}</Play>");
        }
        else if ((speech.Voices.GetValueOrDefault(language) ?? speech.Voices.GetValueOrDefault("en")) is { } voice)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<Say voice=\"{Escape(voice.Name)}\" language=\"{Escape(voice.Language)}\">{Escape(text)}</Say>");
        }
    }

    // Controls and halves of pairs cannot stand in XML at all.
    private static string Escape(string text)
    {
        var builder = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => builder.Append("&amp;"),
                '<' => builder.Append("&lt;"),
                '>' => builder.Append("&gt;"),
                '"' => builder.Append("&quot;"),
                '\'' => builder.Append("&apos;"),
                < 0x20 or 0xFFFE or 0xFFFF => builder.Append(' '),
                _ => builder.Append(rune.ToString()),
            };
        }

        return builder.ToString();
    }
}
