using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Communication.Pipeline;
using Azure.Communication.Sms;
using Azure.Communication.Sms.Models;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Serverless940.Contract.Tests.Sms;

public class SmsClientTests
{
    private const string Key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private const string From = "+966920000940";
    private const string To = "+966500000001";

    private static readonly Func<int, Recorded, (int, string, (string, string)[])> _taken =
        static (_, request) => (202, JsonSerializer.Serialize(new
        {
            value = Recipients(request).Select(to => new { to, messageId = "m-" + to, httpStatusCode = 202, successful = true, repeatabilityResult = "accepted" }),
        }), []);

    [Fact]
    public async Task A_send_is_one_signed_post_that_the_service_can_verify()
    {
        await using var server = await RecordingServer.StartAsync(_taken);
        var client = new SmsClient($"endpoint={server.Address};accesskey={Key}");

        var result = await client.SendAsync(From, To, "تم استلام البلاغ", new SmsSendOptions(enableDeliveryReport: true) { Tag = "n-1" });

        Assert.Equal((To, "m-" + To, 202, true, null), (result.Value.To, result.Value.MessageId, result.Value.HttpStatusCode, result.Value.Successful, result.Value.ErrorMessage));
        Assert.Equal(202, result.GetRawResponse().Status);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/sms?api-version=2021-03-07"), (request.Method, request.Target));
        Assert.Equal($"127.0.0.1:{server.Address.Port.ToString(CultureInfo.InvariantCulture)}", request.Host);
        Assert.Equal(HmacAuthenticationPolicy.ContentHash(request.Body), request.Headers["x-ms-content-sha256"]);
        Assert.Equal(
            HmacAuthenticationPolicy.Authorization(
                Key, "POST", new Uri(server.Address, request.Target), request.Headers["x-ms-date"], request.Headers["x-ms-content-sha256"]),
            request.Headers["Authorization"]);
        var body = JsonDocument.Parse(request.Body).RootElement;
        Assert.Equal(From, body.GetProperty("from").GetString());
        Assert.Equal("تم استلام البلاغ", body.GetProperty("message").GetString());
        Assert.True(body.GetProperty("smsSendOptions").GetProperty("enableDeliveryReport").GetBoolean());
        Assert.Equal("n-1", body.GetProperty("smsSendOptions").GetProperty("tag").GetString());
    }

    [Fact]
    public async Task Dates_stay_gregorian_where_the_culture_writes_hijri()
    {
        await using var server = await RecordingServer.StartAsync(_taken);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-SA");
            await new SmsClient($"endpoint={server.Address};accesskey={Key}").SendAsync(From, To, "x");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        var request = Assert.Single(server.Requests);
        Assert.True(DateTimeOffset.TryParseExact(
            request.Headers["x-ms-date"], "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date));
        Assert.InRange(date, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
    }

    [Fact]
    public async Task Every_recipient_has_a_result_and_a_repeatability_pair_of_its_own()
    {
        await using var server = await RecordingServer.StartAsync(static (_, request) => (202, JsonSerializer.Serialize(new
        {
            value = Recipients(request).Select(static (to, i) => i == 1
                ? (object)new { to, httpStatusCode = 400, successful = false, errorMessage = "Invalid To phone number format." }
                : new { to, messageId = "m", httpStatusCode = 202, successful = true }),
        }), []));

        var results = (await new SmsClient($"endpoint={server.Address};accesskey={Key}").SendAsync(From, [To, "+1", "+966500000003"], "x")).Value;

        Assert.Equal([true, false, true], results.Select(result => result.Successful));
        Assert.Equal((400, "Invalid To phone number format.", null), (results[1].HttpStatusCode, results[1].ErrorMessage, results[1].MessageId));
        var pairs = JsonDocument.Parse(server.Requests[0].Body).RootElement.GetProperty("smsRecipients").EnumerateArray().ToList();
        Assert.Equal(3, pairs.Select(pair => Guid.Parse(pair.GetProperty("repeatabilityRequestId").GetString()!)).Distinct().Count());
        Assert.All(pairs, pair => Assert.True(DateTimeOffset.TryParseExact(
            pair.GetProperty("repeatabilityFirstSent").GetString(), "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_passing_refusal_is_retried_with_the_same_repeatability_pair_and_a_fresh_signature(int status)
    {
        await using var server = await RecordingServer.StartAsync((index, request) =>
            index == 0 ? (status, """{"error":{"code":"TooManyRequests","message":"later"}}""", [("Retry-After", "1")]) : _taken(index, request));

        var result = await new SmsClient($"endpoint={server.Address};accesskey={Key}").SendAsync(From, To, "x");

        Assert.True(result.Value.Successful);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(server.Requests[0].Body, server.Requests[1].Body);
        Assert.NotEqual(server.Requests[0].Headers["x-ms-date"], server.Requests[1].Headers["x-ms-date"]);
    }

    [Fact]
    public async Task A_refusal_that_stays_is_an_exception_with_the_services_code()
    {
        await using var server = await RecordingServer.StartAsync(static (_, _) =>
            (429, """{"error":{"code":"TooManyRequests","message":"later"}}""", [("Retry-After", "7")]));
        var options = new SmsClientOptions();
        options.Retry.MaxRetries = 0;

        var exception = await Assert.ThrowsAsync<RequestFailedException>(
            () => new SmsClient($"endpoint={server.Address};accesskey={Key}", options).SendAsync(From, To, "x"));

        Assert.Equal((429, "TooManyRequests"), (exception.Status, exception.ErrorCode));
        Assert.Equal("7", exception.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var after) ? after : null);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    public async Task A_final_refusal_is_not_retried(int status)
    {
        await using var server = await RecordingServer.StartAsync((_, _) => (status, """{"error":{"code":"Denied","message":"no"}}""", []));

        var exception = await Assert.ThrowsAsync<RequestFailedException>(
            () => new SmsClient($"endpoint={server.Address};accesskey={Key}").SendAsync(From, To, "x"));

        Assert.Equal((status, "Denied"), (exception.Status, exception.ErrorCode));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_synchronous_calls_do_the_same()
    {
        await using var server = await RecordingServer.StartAsync(_taken);
        var client = new SmsClient(server.Address, new AzureKeyCredential(Key));

        var one = await Task.Run(() => client.Send(From, To, "x"));
        var many = await Task.Run(() => client.Send(From, [To, "+966500000002"], "x"));

        Assert.True(one.Value.Successful);
        Assert.Equal([To, "+966500000002"], many.Value.Select(result => result.To));
    }

    [Fact]
    public async Task An_endpoint_with_a_path_is_signed_with_its_path()
    {
        await using var server = await RecordingServer.StartAsync(_taken);

        await new SmsClient($"endpoint={server.Address}local/acs;accesskey={Key}").SendAsync(From, To, "x");

        var request = Assert.Single(server.Requests);
        Assert.Equal("/local/acs/sms?api-version=2021-03-07", request.Target);
        Assert.Equal(
            HmacAuthenticationPolicy.Authorization(
                Key, "POST", new Uri(server.Address, request.Target), request.Headers["x-ms-date"], request.Headers["x-ms-content-sha256"]),
            request.Headers["Authorization"]);
    }

    [Fact]
    public async Task A_token_credential_is_asked_for_the_communication_scope()
    {
        var credential = new FakeCredential();
        var options = new SmsClientOptions { Transport = new FakeTransport() };

        var result = await new SmsClient(new Uri("https://contoso.communication.azure.com"), credential, options).SendAsync(From, To, "x");

        Assert.True(result.Value.Successful);
        Assert.Equal(["https://communication.azure.com//.default"], credential.Scopes!);
        Assert.Equal("Bearer token", FakeTransport.Authorization);
    }

    [Fact]
    public async Task A_cancelled_send_throws()
    {
        await using var server = await RecordingServer.StartAsync(_taken);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new SmsClient($"endpoint={server.Address};accesskey={Key}").SendAsync(From, To, "x", cancellationToken: cancelled.Token));
    }

    [Theory]
    [InlineData("endpoint=http://127.0.0.1:1/")]
    [InlineData("accesskey=" + Key)]
    [InlineData("endpoint=;accesskey=" + Key)]
    [InlineData("endpoint=http://127.0.0.1:1/;;accesskey=" + Key)]
    [InlineData("nonsense")]
    public void A_connection_string_without_its_parts_is_refused(string text) =>
        Assert.Throws<InvalidOperationException>(() => new SmsClient(text));

    [Fact]
    public async Task Missing_arguments_are_refused_before_anything_is_sent()
    {
        await using var server = await RecordingServer.StartAsync(_taken);
        var client = new SmsClient($"endpoint={server.Address};accesskey={Key}");

        await Assert.ThrowsAsync<ArgumentNullException>(() => client.SendAsync(null, To, "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync(From, "", "x"));
        await Assert.ThrowsAsync<ArgumentNullException>(() => client.SendAsync(From, To, null));
        await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync(From, Array.Empty<string>(), "x"));
        Assert.Throws<ArgumentNullException>(() => new SmsClient((string)null!));
        Assert.Throws<ArgumentException>(() => new SmsClient(""));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Results_can_be_built_for_tests()
    {
        var result = SmsModelFactory.SmsSendResult(To, "id", 400, false, "why");

        Assert.Equal((To, "id", 400, false, "why"), (result.To, result.MessageId, result.HttpStatusCode, result.Successful, result.ErrorMessage));
    }

    private static List<string> Recipients(Recorded request) =>
    [
        .. JsonDocument.Parse(request.Body).RootElement.GetProperty("smsRecipients").EnumerateArray()
            .Select(recipient => recipient.GetProperty("to").GetString()!),
    ];

    private sealed class FakeCredential : TokenCredential
    {
        public string[]? Scopes { get; private set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes = requestContext.Scopes;
            return new AccessToken("token", DateTimeOffset.UtcNow.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }

    private sealed class FakeHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            FakeTransport.Authorization = request.Headers.Authorization?.ToString();
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.Accepted)
            {
                Content = new StringContent($$"""{"value":[{"to":"{{To}}","messageId":"m","httpStatusCode":202,"successful":true}]}"""),
            });
        }
    }

    private sealed class FakeTransport() : HttpClientTransport(new HttpClient(new FakeHandler()))
    {
        public static string? Authorization { get; set; }
    }
}
