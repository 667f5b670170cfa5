using System.Text.Json;
using Serverless940.Core.Messages;

namespace Serverless940.Core.Channels;

/// <summary>One message of a post, its members as they came; what they mean is decided when all are known.</summary>
internal sealed class WhatsAppMessage
{
    // Longer than anything a person can send there; beyond it a signed post would not fit the bus.
    private const int LongestText = 10_000;

    private enum Content
    {
        None,
        Text,
        Image,
        Audio,
        Document,
        Location,
        Interactive,
        Button,
        Silent,
    }

    private Content _type;
    private Content _content;
    private string? _timestamp;
    private string? _text;
    private string? _replyTo;
    private string? _mediaId;
    private string? _mimeType;
    private string? _sha256;
    private bool _voice;
    private double? _lat;
    private double? _lon;
    private string? _placeName;
    private string? _placeAddress;
    private string? _choiceId;

    public string? From { get; private set; }

    public string? User { get; private set; }

    public string? Id { get; private set; }

    /// <summary>Whether it asks for no answer: a reaction, a removed message, a word of the system.</summary>
    public bool IsSilent => _type == Content.Silent;

    /// <summary>Reads one message object to its end.</summary>
    public static WhatsAppMessage Read(ref Utf8JsonReader reader)
    {
        var message = new WhatsAppMessage();
        while (WhatsAppPayload.NextMember(ref reader))
        {
            message.ReadMember(ref reader);
        }

        return message;
    }

    /// <summary>The event it is. A kind that we cannot read becomes one that is answered so, with whatever words came along.</summary>
    public InboundEvent ToEvent(string? phone, string? displayName, DateTimeOffset receivedAt)
    {
        var sentAt = WhatsAppPayload.Time(_timestamp) ?? receivedAt;
        var plain = new InboundEvent(Id!, InboundKind.Unsupported, sentAt, receivedAt, Clip(_text), phone, displayName, ReplyTo: _replyTo);

        // A type that is not backed by its content is as good as unknown.
        var content = _type == _content ? _type : Content.None;
        return content switch
        {
            Content.Text when _text is not null => plain with { Kind = InboundKind.Text },
            Content.Image when _mediaId is not null => Media(plain, false),
            Content.Audio when _mediaId is not null => Media(plain, true),
            Content.Document when _mediaId is not null && IsPhotoOrSound(_mimeType) =>
                Media(plain, _mimeType!.StartsWith("audio/", StringComparison.OrdinalIgnoreCase)),
            Content.Location when _lat is not null && _lon is not null => plain with
            {
                Kind = InboundKind.Location,
                Lat = _lat,
                Lon = _lon,
                PlaceName = Clip(_placeName is null || _placeAddress is null ? _placeName ?? _placeAddress : _placeName + "، " + _placeAddress),
            },
            Content.Interactive or Content.Button when _choiceId is { Length: <= 256 } => plain with { Kind = InboundKind.Choice, ChoiceId = _choiceId },
            _ => plain,
        };
    }

    private static bool IsPhotoOrSound(string? type) =>
        type is not null && (type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase));

    private static string? Clip(string? text) =>
        text is null || text.Length <= LongestText ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)];

    // Nobody answers for a mime type or a hash that is not one; the bytes decide.
    private InboundEvent Media(InboundEvent plain, bool sound) => plain with
    {
        Kind = InboundKind.Media,
        Media = new InboundMedia(_mediaId!, _mimeType is { Length: <= 100 } ? _mimeType : null, _sha256 is { Length: 44 } ? _sha256 : null, sound || _voice),
    };

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("from"u8))
        {
            From = WhatsAppPayload.ReadText(ref reader);
        }
        else if (reader.ValueTextEquals("from_user_id"u8))
        {
            User = WhatsAppPayload.ReadText(ref reader);
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            Id = WhatsAppPayload.ReadText(ref reader);
        }
        else if (reader.ValueTextEquals("timestamp"u8))
        {
            _timestamp = WhatsAppPayload.ReadText(ref reader);
        }
        else if (reader.ValueTextEquals("type"u8))
        {
            reader.Read();
            _type = TypeOf(ref reader);
            reader.Skip();
        }
        else if (TypeOf(ref reader) is not (Content.None or Content.Silent) and var content)
        {
            if (WhatsAppPayload.EntersObject(ref reader))
            {
                _content = content;
                ReadContent(ref reader);
            }
        }
        else if (reader.ValueTextEquals("video"u8) || reader.ValueTextEquals("context"u8))
        {
            var isContext = reader.ValueTextEquals("context"u8);
            if (WhatsAppPayload.EntersObject(ref reader))
            {
                ReadAside(ref reader, isContext);
            }
        }
        else
        {
            WhatsAppPayload.SkipValue(ref reader);
        }
    }

    // The names of types and of the members that hold their content are the same words.
    private static Content TypeOf(ref Utf8JsonReader reader) =>
        reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) ? Content.None
        : reader.ValueTextEquals("text"u8) ? Content.Text
        : reader.ValueTextEquals("image"u8) ? Content.Image
        : reader.ValueTextEquals("audio"u8) || reader.ValueTextEquals("voice"u8) ? Content.Audio
        : reader.ValueTextEquals("location"u8) ? Content.Location
        : reader.ValueTextEquals("document"u8) ? Content.Document
        : reader.ValueTextEquals("interactive"u8) ? Content.Interactive
        : reader.ValueTextEquals("button"u8) ? Content.Button
        : reader.ValueTextEquals("reaction"u8) || reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("revoke"u8) ? Content.Silent
        : Content.None;

    // The members of all contents have names of their own, so that one loop reads them.
    private void ReadContent(ref Utf8JsonReader reader)
    {
        while (WhatsAppPayload.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("body"u8) || reader.ValueTextEquals("caption"u8)
                || (_content == Content.Button && reader.ValueTextEquals("text"u8)))
            {
                _text = WhatsAppPayload.ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                var id = WhatsAppPayload.ReadText(ref reader);
                _mediaId = id is { Length: > 0 and <= 200 } ? id : null;
            }
            else if (reader.ValueTextEquals("mime_type"u8))
            {
                _mimeType = WhatsAppPayload.ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("sha256"u8))
            {
                _sha256 = WhatsAppPayload.ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("voice"u8))
            {
                reader.Read();
                _voice = reader.TokenType == JsonTokenType.True;
                reader.Skip();
            }
            else
            {
                ReadRest(ref reader);
            }
        }
    }

    private void ReadRest(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("latitude"u8))
        {
            _lat = WhatsAppPayload.ReadNumber(ref reader);
        }
        else if (reader.ValueTextEquals("longitude"u8))
        {
            _lon = WhatsAppPayload.ReadNumber(ref reader);
        }
        else if (reader.ValueTextEquals("name"u8))
        {
            _placeName = WhatsAppPayload.ReadText(ref reader);
        }
        else if (reader.ValueTextEquals("address"u8))
        {
            _placeAddress = WhatsAppPayload.ReadText(ref reader);
        }
        else if (reader.ValueTextEquals("payload"u8))
        {
            _choiceId = WhatsAppPayload.ReadText(ref reader);
        }
        else if (reader.ValueTextEquals("button_reply"u8) || reader.ValueTextEquals("list_reply"u8))
        {
            if (WhatsAppPayload.EntersObject(ref reader))
            {
                ReadChoice(ref reader);
            }
        }
        else
        {
            WhatsAppPayload.SkipValue(ref reader);
        }
    }

    private void ReadChoice(ref Utf8JsonReader reader)
    {
        while (WhatsAppPayload.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("id"u8))
            {
                _choiceId = WhatsAppPayload.ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("title"u8))
            {
                _text = WhatsAppPayload.ReadText(ref reader);
            }
            else
            {
                WhatsAppPayload.SkipValue(ref reader);
            }
        }
    }

    // A film cannot be used, but its caption is the citizen's word; of the context only the answered message counts.
    private void ReadAside(ref Utf8JsonReader reader, bool isContext)
    {
        while (WhatsAppPayload.NextMember(ref reader))
        {
            if (isContext && reader.ValueTextEquals("id"u8))
            {
                _replyTo = WhatsAppPayload.ReadText(ref reader);
            }
            else if (!isContext && reader.ValueTextEquals("caption"u8))
            {
                _text = WhatsAppPayload.ReadText(ref reader);
            }
            else
            {
                WhatsAppPayload.SkipValue(ref reader);
            }
        }
    }
}

/// <summary>One status of a post: what became of something we sent.</summary>
internal sealed class WhatsAppStatus
{
    public string? Id { get; private set; }

    public string? Tag { get; private set; }

    public string? Timestamp { get; private set; }

    /// <summary>Code of the first error.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary><see langword="null"/> for a state that is not known.</summary>
    public DeliveryState? State { get; private set; }

    public static WhatsAppStatus Read(ref Utf8JsonReader reader)
    {
        var status = new WhatsAppStatus();
        while (WhatsAppPayload.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("id"u8))
            {
                status.Id = WhatsAppPayload.ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                reader.Read();
                status.State = StateOf(ref reader);
                reader.Skip();
            }
            else if (reader.ValueTextEquals("timestamp"u8))
            {
                status.Timestamp = WhatsAppPayload.ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("biz_opaque_callback_data"u8))
            {
                status.Tag = WhatsAppPayload.ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("errors"u8))
            {
                status.ReadErrors(ref reader);
            }
            else
            {
                WhatsAppPayload.SkipValue(ref reader);
            }
        }

        return status;
    }

    private void ReadErrors(ref Utf8JsonReader reader)
    {
        if (!WhatsAppPayload.EntersArray(ref reader))
        {
            return;
        }

        while (WhatsAppPayload.NextObject(ref reader))
        {
            while (WhatsAppPayload.NextMember(ref reader))
            {
                var isCode = reader.ValueTextEquals("code"u8);
                var text = WhatsAppPayload.ReadText(ref reader);
                ErrorCode ??= isCode && text is { Length: <= 20 } ? text : null;
            }
        }
    }

    private static DeliveryState? StateOf(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? null
        : reader.ValueTextEquals("sent"u8) ? DeliveryState.Sent
        : reader.ValueTextEquals("delivered"u8) ? DeliveryState.Delivered
        : reader.ValueTextEquals("read"u8) || reader.ValueTextEquals("played"u8) ? DeliveryState.Read
        : reader.ValueTextEquals("failed"u8) ? DeliveryState.Failed
        : null;
}
