using System.Text;
using System.Text.Json;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Tests.Shared;

namespace Serverless940.Core.Tests.Channels;

public sealed class EventGridPayloadTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_text_comes_from_its_phone_with_or_without_the_plus()
    {
        var one = Assert.Single(Read(EventGridPayloads.SmsReceived("e1", "966500000001", "966500000940", "حفرة في الشارع")).Events);

        Assert.Equal(("+966500000001", "e1", InboundKind.Text, "حفرة في الشارع", "+966500000001"),
            (one.SenderKey, one.Event.EventId, one.Event.Kind, one.Event.Text, one.Event.Phone));
    }

    [Theory]
    [InlineData("966500000940")]
    [InlineData("STC")]
    [InlineData("80012")]
    [InlineData("")]
    public void Texts_of_our_own_number_and_of_no_phone_are_nobodys(string from) =>
        Assert.Empty(Read(EventGridPayloads.SmsReceived("e1", from, "966500000940", "عرض خاص")).Events);

    [Theory]
    [InlineData("Delivered", DeliveryState.Delivered)]
    [InlineData("Failed", DeliveryState.Failed)]
    [InlineData("Pondering", DeliveryState.Sent)]
    public void A_receipt_comes_with_our_reference(string status, DeliveryState state)
    {
        var one = Assert.Single(Read(EventGridPayloads.SmsDelivery("m1", "966500000001", "26|1|citizen-sms", status)).Receipts);

        Assert.Equal(("m1", Medium.Sms, "26|1|citizen-sms", "m1", state), (one.EventId, one.Report.Medium, one.Report.Tag, one.Report.ProviderId, one.Report.State));
    }

    [Fact]
    public void The_reference_is_found_in_either_spelling_and_in_either_schema()
    {
        var cloud = """
            {"specversion":"1.0","id":"c1","source":"/x","type":"Microsoft.Communication.SMSDeliveryReportReceived","time":"2026-03-01T09:00:00Z",
             "data":{"messageId":"m1","deliveryStatus":"Delivered","Tag":"t1","receivedTimestamp":"2026-03-01T08:59:00Z"}}
            """;

        var alone = Assert.Single(Read(Encoding.UTF8.GetBytes(cloud)).Receipts);
        var batch = Read(Encoding.UTF8.GetBytes($"[{cloud},{cloud.Replace("\"Tag\"", "\"tag\"", StringComparison.Ordinal)}]")).Receipts;

        Assert.Equal(("t1", new DateTimeOffset(2026, 3, 1, 8, 59, 0, TimeSpan.Zero)), (alone.Report.Tag, alone.Report.At));
        Assert.Equal(["t1", "t1"], batch.Select(receipt => receipt.Report.Tag));
    }

    [Fact]
    public void The_handshake_gives_its_code() => Assert.Equal("code-1", Read(EventGridPayloads.Validation("code-1")).ValidationCode);

    [Fact]
    public void Unknown_types_are_passed_over_and_broken_events_cost_the_others_nothing()
    {
        var good = Encoding.UTF8.GetString(EventGridPayloads.SmsReceived("e1", "966500000001", "966500000940", "حفرة")).Trim('[', ']');
        string[] events =
        [
            "5", "null", """{"id":"x"}""", """{"id":"y","eventType":"Some.Other","data":{}}""", """{"id":"z","eventType":["a"],"data":{"from":1}}""", good,
            """{"id":"w","eventType":"Microsoft.Communication.SMSReceived","data":{"from":5}}""",
        ];

        var updates = Read(Encoding.UTF8.GetBytes("[" + string.Join(',', events) + "]"));

        Assert.Equal("e1", Assert.Single(updates.Events).Event.EventId);
        Assert.Equal(3, updates.Malformed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[{]")]
    public void What_is_no_json_is_said_to_be_none(string body) => Assert.ThrowsAny<JsonException>(() => Read(Encoding.UTF8.GetBytes(body)));

    private static EventGridUpdates Read(byte[] body) => EventGridPayload.Read(body, "+966500000940", s_now);
}
