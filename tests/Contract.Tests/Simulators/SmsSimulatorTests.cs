using System.Globalization;
using System.Net;
using System.Text;
using Azure;
using Azure.Communication.Sms;
using Serverless940.Local;
using Serverless940.Local.Simulators.Sms;

namespace Serverless940.Contract.Tests.Simulators;

public class SmsSimulatorTests
{
    private const string From = "+966920000940";
    private const string To = "+966500000001";

    [Theory]
    [InlineData("a", 160, 1)]
    [InlineData("a", 161, 2)]
    [InlineData("a", 306, 2)]
    [InlineData("a", 307, 3)]
    [InlineData("^", 80, 1)]
    [InlineData("^", 81, 2)]
    [InlineData("€", 153, 3)] // 76 escape pairs in each part: a pair is not cut
    [InlineData("ا", 70, 1)]
    [InlineData("ا", 71, 2)]
    [InlineData("ا", 134, 2)]
    [InlineData("ا", 135, 3)]
    [InlineData("١", 71, 2)]
    [InlineData("😀", 35, 1)]
    [InlineData("😀", 36, 2)]
    [InlineData("😀", 67, 3)] // 33 pairs in each part
    [InlineData("", 0, 1)]
    public void Segments_are_counted_as_phones_do(string unit, int count, int expected) =>
        Assert.Equal(expected, SmsSegments.Count(string.Concat(Enumerable.Repeat(unit, count))));

    [Theory]
    [InlineData(69, 1)]
    [InlineData(70, 2)]
    public void One_Arabic_letter_turns_the_whole_text_to_UCS_2(int letters, int expected) =>
        Assert.Equal(expected, SmsSegments.Count(new string('a', letters) + "ا"));

    [Fact]
    public async Task A_sent_message_is_seen_in_order_with_its_segments_and_survives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("simulators-").FullName;
        await using (var app = await SimulatedApp.StartAsync(folder))
        {
            var client = new SmsClient(app.Settings["Sms__ConnectionString"]);
            app.Context.Clock.AdvanceTo(app.Context.Clock.GetUtcNow().AddHours(26));
            await client.SendAsync(From, To, "بلاغك 26114839271504", new SmsSendOptions(true) { Tag = "t-1" });
            await client.SendAsync(From, "+966500000002", "other");
            await client.SendAsync(From, To, new string('ا', 71));
        }

        await using var again = await SimulatedApp.StartAsync(folder);
        var messages = (await again.GetAsync("/local/sms?to=%2B966500000001")).AsArray();
        Assert.Equal(["بلاغك 26114839271504", new string('ا', 71)], messages.Select(message => message!["text"]!.GetValue<string>()));
        Assert.Equal([1, 2], messages.Select(message => message!["segments"]!.GetValue<int>()));
        Assert.Equal((To, From, "t-1"), (messages[0]!["to"]!.GetValue<string>(), messages[0]!["from"]!.GetValue<string>(), messages[0]!["tag"]!.GetValue<string>()));
        Assert.True(messages[0]!["at"]!.GetValue<DateTimeOffset>() > DateTimeOffset.UtcNow.AddHours(25));
        Assert.NotEmpty(messages[0]!["messageId"]!.GetValue<string>());
        Assert.Equal(3, (await again.GetAsync("/local/sms")).AsArray().Count);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_delivery_report_comes_with_the_secret_and_the_tag_and_is_repeated_until_taken()
    {
        await using var app = await SimulatedApp.StartAsync();
        app.Answer = before => before < 2 ? 503 : 200;

        var result = await new SmsClient(app.Settings["Sms__ConnectionString"]).SendAsync(From, To, "x", new SmsSendOptions(true) { Tag = "t-1" });
        await app.HookAsync(_ => app.Hooks.Count == 3);

        var hook = app.Hooks.Last();
        Assert.Equal("/api/channels/sms", hook.Path);
        Assert.Equal(SimulatedApp.WebhookSecret, hook.Headers["X-Webhook-Secret"]);
        Assert.Equal("Notification", hook.Headers["aeg-event-type"]);
        var report = Assert.Single(hook.Json.AsArray())!;
        Assert.Equal("Microsoft.Communication.SMSDeliveryReportReceived", report["eventType"]!.GetValue<string>());
        Assert.Equal(result.Value.MessageId, report["data"]!["messageId"]!.GetValue<string>());
        Assert.Equal("Delivered", report["data"]!["deliveryStatus"]!.GetValue<string>());
        Assert.Equal("t-1", report["data"]!["tag"]!.GetValue<string>());
        Assert.Equal((To, "966920000940"), (report["data"]!["to"]!.GetValue<string>(), report["data"]!["from"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_report_the_app_never_took_comes_after_a_restart_and_a_taken_one_does_not()
    {
        var folder = Directory.CreateTempSubdirectory("simulators-").FullName;
        string lost;
        await using (var app = await SimulatedApp.StartAsync(folder))
        {
            var client = new SmsClient(app.Settings["Sms__ConnectionString"]);
            await client.SendAsync(From, To, "taken", new SmsSendOptions(true));
            await app.HookAsync(_ => true);
            app.Answer = _ => 503;
            lost = (await client.SendAsync(From, To, "lost", new SmsSendOptions(true))).Value.MessageId;
            await app.HookAsync(_ => app.Hooks.Count >= 2);
        }

        await using var again = await SimulatedApp.StartAsync(folder);
        var hook = await again.HookAsync(_ => true);
        Assert.Equal(lost, hook.Json[0]!["data"]!["messageId"]!.GetValue<string>());
        Assert.Single(again.Hooks);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task No_report_is_made_where_none_was_asked_for()
    {
        await using var app = await SimulatedApp.StartAsync();
        var client = new SmsClient(app.Settings["Sms__ConnectionString"]);

        await client.SendAsync(From, To, "without");
        await client.SendAsync(From, To, "with", new SmsSendOptions(true));
        await app.HookAsync(_ => true);

        Assert.Single(app.Hooks);
    }

    [Fact]
    public async Task The_same_repeatability_pair_is_one_message()
    {
        await using var app = await SimulatedApp.StartAsync();
        var body = """{"from":"+966920000940","smsRecipients":[{"to":"+966500000001","repeatabilityRequestId":"6f1c7e0e-6f0c-4e5c-9f59-0d5a7f3c1a11","repeatabilityFirstSent":"Mon, 01 Jan 2024 00:00:00 GMT"}],"message":"x"}""";

        var first = await SendRawAsync(app, body);
        var second = await SendRawAsync(app, body);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.Status, second.Status));
        Assert.Equal(first.Body, second.Body);
        Assert.Contains("\"repeatabilityResult\":\"accepted\"", first.Body, StringComparison.Ordinal);
        Assert.Single((await app.GetAsync("/local/sms")).AsArray());
    }

    [Fact]
    public async Task A_recipient_that_cannot_be_is_refused_alone()
    {
        await using var app = await SimulatedApp.StartAsync();

        var results = (await new SmsClient(app.Settings["Sms__ConnectionString"]).SendAsync(From, [To, "0500000001", "+966500000003"], "x")).Value;

        Assert.Equal([202, 400, 202], results.Select(result => result.HttpStatusCode));
        Assert.Equal(2, (await app.GetAsync("/local/sms")).AsArray().Count);
    }

    [Fact]
    public async Task Half_a_repeatability_pair_is_refused()
    {
        await using var app = await SimulatedApp.StartAsync();

        var answer = await SendRawAsync(app, """{"from":"+9","smsRecipients":[{"to":"+966500000001","repeatabilityRequestId":"6f1c7e0e-6f0c-4e5c-9f59-0d5a7f3c1a11"}],"message":"x"}""");

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Contains("\"httpStatusCode\":400", answer.Body, StringComparison.Ordinal);
        Assert.Contains("\"repeatabilityResult\":\"rejected\"", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"from":"+9","smsRecipients":[],"message":"x"}""")]
    [InlineData("""{"from":"+9","smsRecipients":[{"to":"+966500000001"}],"message":""}""")]
    [InlineData("""{"from":"+9","smsRecipients":[{"to":"+966500000001"}],"message":"x","smsSendOptions":{}}""")]
    public async Task A_request_that_makes_no_sense_is_refused_as_a_whole(string body)
    {
        await using var app = await SimulatedApp.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await SendRawAsync(app, body)).Status);
        Assert.Empty((await app.GetAsync("/local/sms")).AsArray());
    }

    [Theory]
    [InlineData("key")]
    [InlineData("body")]
    [InlineData("date")]
    [InlineData("path")]
    [InlineData("none")]
    public async Task A_request_that_was_not_signed_as_sent_is_refused(string broken)
    {
        await using var app = await SimulatedApp.StartAsync();
        const string body = """{"from":"+966920000940","smsRecipients":[{"to":"+966500000001"}],"message":"x"}""";

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendRawAsync(app, body, broken)).Status);
        Assert.Empty((await app.GetAsync("/local/sms")).AsArray());
    }

    [Fact]
    public async Task The_fault_down_breaks_the_connection_and_error_answers_503()
    {
        await using var app = await SimulatedApp.StartAsync();
        var options = new SmsClientOptions();
        options.Retry.MaxRetries = 0;
        var client = new SmsClient(app.Settings["Sms__ConnectionString"], options);

        app.Context.Faults.Set(FaultTarget.Sms, FaultMode.Down, TimeSpan.FromMinutes(1));
        var down = await Assert.ThrowsAsync<RequestFailedException>(() => client.SendAsync(From, To, "x"));
        app.Context.Faults.Set(FaultTarget.Sms, FaultMode.Error, TimeSpan.FromMinutes(1));
        var error = await Assert.ThrowsAsync<RequestFailedException>(() => client.SendAsync(From, To, "x"));
        app.Context.Faults.Clear(FaultTarget.Sms);
        await client.SendAsync(From, To, "x");

        Assert.Equal((0, 503), (down.Status, error.Status));
        Assert.Single((await app.GetAsync("/local/sms")).AsArray());
    }

    [Fact]
    public async Task A_real_connection_string_is_left_alone()
    {
        await using var app = await SimulatedApp.StartAsync(change: settings =>
        {
            settings["Sms__ConnectionString"] = "endpoint=https://contoso.communication.azure.com/;accesskey=bG9jYWw=";
            settings["WhatsApp__GraphBaseUri"] = "https://graph.facebook.com/";
        });

        Assert.Equal("endpoint=https://contoso.communication.azure.com/;accesskey=bG9jYWw=", app.Settings["Sms__ConnectionString"]);
        Assert.Equal("https://graph.facebook.com/", app.Settings["WhatsApp__GraphBaseUri"]);
    }

    [Fact]
    public async Task The_providers_keep_their_address_across_restarts()
    {
        var folder = Directory.CreateTempSubdirectory("simulators-").FullName;
        string before;
        await using (var app = await SimulatedApp.StartAsync(folder))
        {
            before = app.Settings["Sms__ConnectionString"];
        }

        await using var again = await SimulatedApp.StartAsync(folder);
        Assert.Equal(before, again.Settings["Sms__ConnectionString"]);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendRawAsync(SimulatedApp app, string body, string? broken = null)
    {
        var parts = app.Settings["Sms__ConnectionString"].Split(';').Select(part => part.Split('=', 2)[1]).ToArray();
        var uri = new Uri(parts[0] + "/sms?api-version=2021-03-07");
        var date = DateTimeOffset.UtcNow.AddMinutes(broken == "date" ? -10 : 0).ToString("r", CultureInfo.InvariantCulture);
        var hash = Azure.Communication.Pipeline.HmacAuthenticationPolicy.ContentHash(Encoding.UTF8.GetBytes(broken == "body" ? body + " " : body));
        using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("x-ms-date", date);
        request.Headers.TryAddWithoutValidation("x-ms-content-sha256", hash);
        var signed = broken == "path" ? new Uri(parts[0] + "/other") : uri;
        var key = broken == "key" ? Convert.ToBase64String(new byte[32]) : parts[1];
        if (broken != "none")
        {
            request.Headers.TryAddWithoutValidation(
                "Authorization", Azure.Communication.Pipeline.HmacAuthenticationPolicy.Authorization(key, "POST", signed, date, hash));
        }

        using var response = await app.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
