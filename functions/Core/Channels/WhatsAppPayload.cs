using System.Globalization;
using System.Text;
using System.Text.Json;
using Serverless940.Core.Messages;
using Serverless940.Core.Text;

namespace Serverless940.Core.Channels;

/// <summary>An event with the stable id of who sent it.</summary>
public readonly record struct SenderEvent(string SenderKey, InboundEvent Event);

/// <summary>What one webhook post held.</summary>
/// <param name="Malformed">Messages or statuses that lack what nothing can do without; they are left out, the rest is taken.</param>
public sealed record WhatsAppUpdates(IReadOnlyList<SenderEvent> Events, IReadOnlyList<DeliveryReport> Statuses, int Malformed);

/// <summary>
/// Reads a webhook post of the WhatsApp Cloud API in one pass. Members, types and states that are not known are passed
/// over: Meta adds them at will. The order of members means nothing.
/// </summary>
public static class WhatsAppPayload
{
    /// <summary>Everything in the post that is addressed to our number.</summary>
    /// <param name="phoneNumberId">Id of our number at Meta: an app may be subscribed to others.</param>
    /// <param name="receivedAt">When the post came.</param>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static WhatsAppUpdates Read(ReadOnlySpan<byte> body, string phoneNumberId, DateTimeOffset receivedAt)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var reader = new Utf8JsonReader(body.StartsWith(mark) ? body[mark.Length..] : body);
        var updates = new Collector(phoneNumberId, receivedAt);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (NextMember(ref reader))
            {
                if (reader.ValueTextEquals("entry"u8))
                {
                    ReadEntries(ref reader, updates);
                }
                else
                {
                    SkipValue(ref reader);
                }
            }
        }
        else
        {
            reader.Skip();
        }

        // What stands behind the document's end makes it no document.
        reader.Read();
        return new WhatsAppUpdates(updates.Events, updates.Statuses, updates.Malformed);
    }

    private static void ReadEntries(ref Utf8JsonReader reader, Collector updates)
    {
        if (!EntersArray(ref reader))
        {
            return;
        }

        while (NextObject(ref reader))
        {
            while (NextMember(ref reader))
            {
                if (reader.ValueTextEquals("changes"u8))
                {
                    ReadChanges(ref reader, updates);
                }
                else
                {
                    SkipValue(ref reader);
                }
            }
        }
    }

    private static void ReadChanges(ref Utf8JsonReader reader, Collector updates)
    {
        if (!EntersArray(ref reader))
        {
            return;
        }

        while (NextObject(ref reader))
        {
            var isMessages = false;
            var change = new Change();
            while (NextMember(ref reader))
            {
                if (reader.ValueTextEquals("field"u8))
                {
                    reader.Read();
                    isMessages = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("messages"u8);
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("value"u8))
                {
                    ReadValue(ref reader, change);
                }
                else
                {
                    SkipValue(ref reader);
                }
            }

            if (isMessages)
            {
                updates.Take(change);
            }
        }
    }

    private static void ReadValue(ref Utf8JsonReader reader, Change change)
    {
        if (!EntersObject(ref reader))
        {
            return;
        }

        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                if (EntersObject(ref reader))
                {
                    while (NextMember(ref reader))
                    {
                        var isId = reader.ValueTextEquals("phone_number_id"u8);
                        var text = ReadText(ref reader);
                        change.PhoneNumberId = isId ? text : change.PhoneNumberId;
                    }
                }
            }
            else if (reader.ValueTextEquals("contacts"u8))
            {
                ReadContacts(ref reader, change);
            }
            else if (reader.ValueTextEquals("messages"u8))
            {
                if (EntersArray(ref reader))
                {
                    while (NextObject(ref reader))
                    {
                        change.Messages.Add(WhatsAppMessage.Read(ref reader));
                    }
                }
            }
            else if (reader.ValueTextEquals("statuses"u8))
            {
                if (EntersArray(ref reader))
                {
                    while (NextObject(ref reader))
                    {
                        change.Statuses.Add(WhatsAppStatus.Read(ref reader));
                    }
                }
            }
            else
            {
                SkipValue(ref reader);
            }
        }
    }

    private static void ReadContacts(ref Utf8JsonReader reader, Change change)
    {
        if (!EntersArray(ref reader))
        {
            return;
        }

        while (NextObject(ref reader))
        {
            string? phone = null, user = null, name = null;
            while (NextMember(ref reader))
            {
                if (reader.ValueTextEquals("wa_id"u8))
                {
                    phone = ReadText(ref reader);
                }
                else if (reader.ValueTextEquals("user_id"u8))
                {
                    user = ReadText(ref reader);
                }
                else if (reader.ValueTextEquals("profile"u8) && EntersObject(ref reader))
                {
                    while (NextMember(ref reader))
                    {
                        var isName = reader.ValueTextEquals("name"u8);
                        var text = ReadText(ref reader);
                        name = isName ? text : name;
                    }
                }
                else
                {
                    SkipValue(ref reader);
                }
            }

            if (name is { Length: > 0 })
            {
                change.Contacts.Add((phone, user, name.Length <= 100 ? name : name[..100]));
            }
        }
    }

    /// <summary>On to the next member's name, or past the object's end.</summary>
    internal static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>On to the next object of an array, past elements that are none, or past the array's end.</summary>
    internal static bool NextObject(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    /// <summary>From a name into its object; a value that is none is passed over.</summary>
    internal static bool EntersObject(ref Utf8JsonReader reader) => Enters(ref reader, JsonTokenType.StartObject);

    internal static bool EntersArray(ref Utf8JsonReader reader) => Enters(ref reader, JsonTokenType.StartArray);

    /// <summary>From a name past its value, however deep; harmless after a value was passed over already.</summary>
    internal static void SkipValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            reader.Read();
            reader.Skip();
        }
    }

    /// <summary>From a name to the text of its value; a number as it is written; anything else is no text.</summary>
    internal static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number)
        {
            return Encoding.ASCII.GetString(reader.ValueSpan);
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return null;
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, as a cut-off name has it: the rest is still worth reading.
            return JsonEscapes.Unescape(reader.ValueSpan);
        }
    }

    /// <summary>From a name to its number, written as a number or as text.</summary>
    internal static double? ReadNumber(ref Utf8JsonReader reader) =>
        ReadText(ref reader) is { Length: < 40 } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>Unix seconds, as Meta writes them; <see langword="null"/> for what is no such time.</summary>
    internal static DateTimeOffset? Time(string? seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var unix) && unix is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(unix) : null;

    private static bool Enters(ref Utf8JsonReader reader, JsonTokenType start)
    {
        reader.Read();
        if (reader.TokenType == start)
        {
            return true;
        }

        reader.Skip();
        return false;
    }

    /// <summary>One change of an entry, gathered before it is known whose it is.</summary>
    private sealed class Change
    {
        public string? PhoneNumberId { get; set; }

        public List<(string? Phone, string? User, string Name)> Contacts { get; } = [];

        public List<WhatsAppMessage> Messages { get; } = [];

        public List<WhatsAppStatus> Statuses { get; } = [];
    }

    private sealed class Collector(string phoneNumberId, DateTimeOffset receivedAt)
    {
        public List<SenderEvent> Events { get; } = [];

        public List<DeliveryReport> Statuses { get; } = [];

        public int Malformed { get; private set; }

        public void Take(Change change)
        {
            if (change.PhoneNumberId != phoneNumberId)
            {
                return;
            }

            foreach (var message in change.Messages)
            {
                if (message.IsSilent)
                {
                    continue;
                }

                var sender = message.User ?? message.From;
                if (!IsId(message.Id) || !IsId(sender))
                {
                    Malformed++;
                    continue;
                }

                var phone = message.From is { Length: < 20 } from ? PhoneNumber.TryNormalize("+" + from) : null;
                Events.Add(new SenderEvent(sender!, message.ToEvent(phone, NameOf(change, message), receivedAt)));
            }

            foreach (var status in change.Statuses)
            {
                if (!IsId(status.Id))
                {
                    Malformed++;
                }
                else if (status.State is { } state)
                {
                    Statuses.Add(new DeliveryReport(Medium.WhatsApp, status.Tag, status.Id, state, status.ErrorCode, Time(status.Timestamp) ?? receivedAt));
                }
            }
        }

        private static bool IsId(string? id) => id is { Length: > 0 and <= 256 };

        private static string? NameOf(Change change, WhatsAppMessage message)
        {
            foreach (var (phone, user, name) in change.Contacts)
            {
                if ((user is not null && user == message.User) || (phone is not null && phone == message.From))
                {
                    return name;
                }
            }

            return null;
        }
    }
}
