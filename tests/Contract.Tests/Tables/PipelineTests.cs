using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Serverless940.Contract.Tests.Tables;

public sealed class PipelineTests
{
    private static readonly Uri Cloud = new("https://made.table.core.windows.net");

    [Fact]
    public async Task Each_call_is_one_request()
    {
        var counter = new CountingPolicy();
        var options = new TableClientOptions();
        options.AddPolicy(counter, HttpPipelinePosition.PerRetry);
        var table = await TestTable.CreateAsync(options);

        await OnceAsync(() => table.AddEntityAsync(new TableEntity("p", "r")));
        await OnceAsync(() => table.GetEntityAsync<TableEntity>("p", "r"));
        await OnceAsync(() => table.GetEntityIfExistsAsync<TableEntity>("p", "none"));
        await OnceAsync(() => table.UpsertEntityAsync(new TableEntity("p", "r")));
        await OnceAsync(() => table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All));
        await OnceAsync(() => table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "r"))]));
        await OnceAsync(async () => await table.QueryAsync<TableEntity>("PartitionKey eq 'p'").ToListAsync());
        await OnceAsync(() => table.CreateIfNotExistsAsync());
        await OnceAsync(() => table.DeleteEntityAsync("p", "r"));

        async Task OnceAsync(Func<Task> call)
        {
            var before = counter.Requests;
            await call();
            Assert.Equal(before + 1, counter.Requests);
        }
    }

    [Fact]
    public async Task A_busy_service_is_asked_again_with_the_same_body_and_a_fresh_signature()
    {
        var service = new FakeService(
            _ => Answer(HttpStatusCode.ServiceUnavailable),
            _ => Answer(HttpStatusCode.InternalServerError),
            _ => Answer(HttpStatusCode.NoContent));
        var perCall = new CountingPolicy();
        var options = Options(service);
        options.AddPolicy(perCall, HttpPipelinePosition.PerCall);

        var response = await KeyClient(options).UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        Assert.Equal(204, response.Status);
        Assert.Equal(3, service.Requests.Count);
        Assert.Equal(1, perCall.Requests);
        Assert.Single(service.Requests.Select(request => request.Body).Distinct());
        Assert.All(service.Requests, request => Assert.StartsWith("SharedKeyLite made:", request.Headers["Authorization"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Retries_end_and_the_last_failure_is_reported()
    {
        var service = new FakeService(_ => Answer(HttpStatusCode.ServiceUnavailable, "ServerBusy"));

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => KeyClient(Options(service)).AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal((503, "ServerBusy"), (failure.Status, failure.ErrorCode));
        Assert.Equal(3, service.Requests.Count);
    }

    [Fact]
    public async Task A_refusal_is_not_asked_again()
    {
        var service = new FakeService(_ => Answer(HttpStatusCode.PreconditionFailed, "UpdateConditionNotSatisfied"));

        await Assert.ThrowsAsync<RequestFailedException>(() => KeyClient(Options(service)).UpdateEntityAsync(new TableEntity("p", "r"), ETag.All));

        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_fails_without_a_status()
    {
        var service = new FakeService(_ => throw new HttpRequestException("refused"));

        var failure = await Assert.ThrowsAsync<AggregateException>(() => KeyClient(Options(service)).AddEntityAsync(new TableEntity("p", "r")));

        Assert.All(failure.InnerExceptions, inner => Assert.Equal(0, Assert.IsType<RequestFailedException>(inner).Status));
    }

    [Fact]
    public async Task Cancellation_ends_a_call_under_way()
    {
        using var source = new CancellationTokenSource();
        var service = new FakeService(async (_, cancellationToken) =>
        {
            await source.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return Answer(HttpStatusCode.NoContent);
        });
        var table = KeyClient(Options(service));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => table.AddEntityAsync(new TableEntity("p", "r"), source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await table.QueryAsync<TableEntity>(cancellationToken: source.Token).ToListAsync());
        Assert.Equal(["POST", "GET"], service.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task A_policy_of_ones_own_can_answer_in_place_of_the_service()
    {
        var options = new TableClientOptions { Retry = { MaxRetries = 0 } };
        options.AddPolicy(new RefusingPolicy(), HttpPipelinePosition.PerRetry);

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => KeyClient(options).AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal(0, failure.Status);
        Assert.Equal("down", failure.Message);
    }

    [Fact]
    public async Task Requests_have_the_form_the_service_documents()
    {
        var service = new FakeService(_ => Answer(HttpStatusCode.NoContent));
        var table = KeyClient(Options(service));
        var etag = new ETag("W/\"datetime'x'\"");

        await table.AddEntityAsync(new TableEntity("p", "r") { ["Large"] = 5L });
        await table.UpsertEntityAsync(new TableEntity("p'q", "أ ب"));
        await table.UpdateEntityAsync(new TableEntity("p", "r"), etag, TableUpdateMode.Replace);
        await table.DeleteEntityAsync("p", "r");

        var (add, upsert, update, delete) = (service.Requests[0], service.Requests[1], service.Requests[2], service.Requests[3]);
        Assert.Equal(("POST", "/Reports"), (add.Method, add.Uri.AbsolutePath));
        Assert.Equal("return-no-content", add.Headers["Prefer"]);
        Assert.Equal("application/json;odata=minimalmetadata", add.Headers["Accept"].Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("2020-12-06", add.Headers["x-ms-version"]);
        Assert.Equal("3.0", add.Headers["DataServiceVersion"]);
        Assert.Equal("""{"PartitionKey":"p","RowKey":"r","Large":"5","Large@odata.type":"Edm.Int64"}""", add.Body);
        Assert.Equal("PATCH", upsert.Method);
        Assert.Equal("/Reports(PartitionKey='p''q',RowKey='أ ب')", Uri.UnescapeDataString(upsert.Uri.AbsolutePath));
        Assert.False(upsert.Headers.ContainsKey("If-Match"));
        Assert.Equal(("PUT", etag.ToString()), (update.Method, update.Headers["If-Match"]));
        Assert.Equal(("DELETE", "*"), (delete.Method, delete.Headers["If-Match"]));
    }

    [Fact]
    public async Task A_query_has_the_form_the_service_documents()
    {
        var service = new FakeService(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"value":[]}""") });
        var table = KeyClient(Options(service));
        var tables = new TableServiceClient(Cloud, new TableSharedKeyCredential("made", "AQID"), Options(service));

        await table.QueryAsync<TableEntity>(e => e.PartitionKey == "أ+'", 5, ["RowKey", "A"]).AsPages("1!8!cA-- 1!4!cg--").ToListAsync();
        await tables.QueryAsync(item => item.Name == "Reports", 7).ToListAsync();

        Assert.Equal("/Reports()", service.Requests[0].Uri.AbsolutePath);
        string[] format = ["$format=application/json;odata=minimalmetadata"];
        Assert.Equal(
            ["$filter=PartitionKey eq 'أ+'''", .. format, "$select=RowKey,A", "$top=5", "NextPartitionKey=1!8!cA--", "NextRowKey=1!4!cg--"],
            QueryOf(service.Requests[0]));
        Assert.Equal("/Tables", service.Requests[1].Uri.AbsolutePath);
        Assert.Equal(["$filter=TableName eq 'Reports'", .. format, "$top=7"], QueryOf(service.Requests[1]));

        static IEnumerable<string> QueryOf(SeenRequest request) =>
            request.Uri.Query.TrimStart('?').Split('&').Select(Uri.UnescapeDataString).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_shared_key_signs_date_and_resource()
    {
        var key = RandomNumberGenerator.GetBytes(64);
        var service = new FakeService(_ => Answer(HttpStatusCode.NoContent));
        var table = new TableClient(Cloud, "Reports", new TableSharedKeyCredential("made", Convert.ToBase64String(key)), Options(service));

        await table.DeleteEntityAsync("p", "r");

        var request = Assert.Single(service.Requests);
        var signed = $"{request.Headers["x-ms-date"]}\n/made{request.Uri.AbsolutePath}";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
        Assert.Equal($"SharedKeyLite made:{signature}", request.Headers["Authorization"]);
    }

    [Fact]
    public async Task A_call_is_an_activity_of_the_official_name_that_knows_its_failure()
    {
        var seen = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Azure.Data.Tables", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (seen)
                {
                    seen.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var test = new Activity("test").Start();
        var service = new FakeService(_ => Answer(HttpStatusCode.NoContent), _ => Answer(HttpStatusCode.Conflict, "EntityAlreadyExists"));
        var table = KeyClient(Options(service));

        await table.UpsertEntityAsync(new TableEntity("p", "r"));
        await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        Activity[] mine;
        lock (seen)
        {
            mine = [.. seen.Where(activity => activity.TraceId == test.TraceId)];
        }

        Assert.Equal(["TableClient.UpsertEntity", "TableClient.AddEntity"], mine.Select(activity => activity.OperationName));
        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Error], mine.Select(activity => activity.Status));
    }

    [Fact]
    public async Task A_key_can_be_changed_while_in_use()
    {
        var connection = await TestTable.ConnectionStringAsync();
        var parts = connection.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var credential = new TableSharedKeyCredential(parts["AccountName"], Convert.ToBase64String(new byte[32]));
        var service = new TableServiceClient(new Uri(parts["TableEndpoint"]), credential, new TableClientOptions { Retry = { MaxRetries = 0 } });

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => service.CreateTableAsync(TestTable.NewName()));
        credential.SetAccountKey(parts["AccountKey"]);
        var created = await service.CreateTableAsync(TestTable.NewName());

        Assert.Equal(403, failure.Status);
        Assert.Equal(204, created.GetRawResponse().Status);
    }

    [Fact]
    public async Task A_token_is_asked_for_the_table_service()
    {
        var service = new FakeService(_ => Answer(HttpStatusCode.NoContent));
        var credential = new FakeCredential();

        await new TableClient(Cloud, "Reports", credential, Options(service)).AddEntityAsync(new TableEntity("p", "r"));
        await new TableServiceClient(Cloud, credential, Options(service)).GetTableClient("Reports").AddEntityAsync(new TableEntity("p", "s"));

        Assert.All(service.Requests, request => Assert.Equal("Bearer made-token", request.Headers["Authorization"]));
        Assert.All(credential.Scopes, scope => Assert.Equal("https://storage.azure.com/.default", scope));
        Assert.NotEmpty(credential.Scopes);
    }

    [Fact]
    public async Task A_token_for_another_cloud_has_that_cloud_s_audience()
    {
        var service = new FakeService(_ => Answer(HttpStatusCode.NoContent));
        var credential = new FakeCredential();
        var options = Options(service);
        options.Audience = TableAudience.AzureGovernment;

        await new TableClient(Cloud, "Reports", credential, options).AddEntityAsync(new TableEntity("p", "r"));

        Assert.Equal(["https://storage.azure.us/.default"], credential.Scopes);
    }

    [Fact]
    public async Task The_tenant_is_learnt_from_the_challenge_when_asked()
    {
        var service = new FakeService(
            _ =>
            {
                var challenge = Answer(HttpStatusCode.Unauthorized);
                challenge.Headers.TryAddWithoutValidation(
                    "WWW-Authenticate",
                    "Bearer authorization_uri=https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/authorize resource_id=https://storage.azure.com");
                return challenge;
            },
            _ => Answer(HttpStatusCode.NoContent));
        var credential = new FakeCredential();
        var options = Options(service);
        options.EnableTenantDiscovery = true;

        await new TableClient(Cloud, "Reports", credential, options).AddEntityAsync(new TableEntity("p", "r"));

        Assert.False(service.Requests[0].Headers.ContainsKey("Authorization"));
        Assert.Equal("Bearer made-token", service.Requests[1].Headers["Authorization"]);
        Assert.Equal("11111111-2222-3333-4444-555555555555", Assert.Single(credential.Tenants));
    }

    [Fact]
    public async Task A_token_never_travels_in_the_clear()
    {
        var service = new FakeService(_ => Answer(HttpStatusCode.NoContent));
        var table = new TableClient(new Uri("http://made.table.core.windows.net"), "Reports", new FakeCredential(), Options(service));

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.AddEntityAsync(new TableEntity("p", "r")));
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task A_shared_access_signature_travels_in_the_query()
    {
        var service = new FakeService(_ => Answer(HttpStatusCode.NoContent));
        const string Signature = "sv=2020-12-06&sig=a%2Bb%3D";
        var entity = new TableEntity("p", "r");

        await new TableClient(new Uri(Cloud, "Reports"), new AzureSasCredential(Signature), Options(service)).AddEntityAsync(entity);
        await new TableClient(new Uri(Cloud, "Reports?" + Signature), Options(service)).AddEntityAsync(entity);
        await new TableServiceClient(Cloud, new AzureSasCredential("?" + Signature), Options(service)).GetTableClient("Reports").AddEntityAsync(entity);
        await new TableClient($"TableEndpoint={Cloud};SharedAccessSignature={Signature}", "Reports", Options(service)).AddEntityAsync(entity);

        Assert.Equal(4, service.Requests.Count);
        Assert.All(service.Requests, request =>
        {
            Assert.Equal("/Reports", request.Uri.AbsolutePath);
            Assert.Contains(Signature, request.Uri.Query, StringComparison.Ordinal);
            Assert.False(request.Headers.ContainsKey("Authorization"));
        });
        Assert.Throws<ArgumentException>(() => new TableClient(new Uri("http://made.example/Reports"), new AzureSasCredential(Signature)));
    }

    [Fact]
    public async Task A_shared_access_signature_opens_what_it_was_given_for()
    {
        var connection = await TestTable.ConnectionStringAsync();
        var parts = connection.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var signature = SignAccount(parts["AccountName"], parts["AccountKey"], permissions: "r");
        var writer = new TableClient(connection, TestTable.NewName());
        await writer.CreateAsync();
        await writer.AddEntityAsync(new TableEntity("p", "r"));
        var endpoint = new Uri($"{parts["TableEndpoint"].TrimEnd('/')}/{writer.Name}");
        var reader = new TableClient(endpoint, new AzureSasCredential(signature), new TableClientOptions { Retry = { MaxRetries = 0 } });

        Assert.Equal("r", (await reader.GetEntityAsync<TableEntity>("p", "r")).Value.RowKey);
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => reader.AddEntityAsync(new TableEntity("p", "s")));
        Assert.Equal(403, failure.Status);
    }

    [Fact]
    public async Task An_answer_that_is_not_the_service_s_own_still_fails_clearly()
    {
        var service = new FakeService(_ => new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("<html>proxy</html>") });

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => KeyClient(Options(service)).GetEntityAsync<TableEntity>("p", "r"));

        Assert.Equal(403, failure.Status);
        Assert.Null(failure.ErrorCode);
    }

    [Fact]
    public async Task Infinite_doubles_of_other_writers_are_read()
    {
        var service = new FakeService(_ => new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(
                """{"odata.metadata":"m","odata.etag":"e","PartitionKey":"p","RowKey":"r","Measured@odata.type":"Edm.Double","Measured":"-Infinity"}"""),
        });
        var table = KeyClient(Options(service));

        Assert.Equal(double.NegativeInfinity, (await table.GetEntityAsync<TableEntity>("p", "r")).Value.GetDouble("Measured"));
        Assert.Equal(double.NegativeInfinity, (await table.GetEntityAsync<Reading>("p", "r")).Value.Measured);
    }

    private static TableClient KeyClient(TableClientOptions options) =>
        new(Cloud, "Reports", new TableSharedKeyCredential("made", Convert.ToBase64String([1, 2, 3])), options);

    private static TableClientOptions Options(FakeService service) => new()
    {
        Transport = new HttpClientTransport(new HttpClient(service)),
        Retry = { MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2) },
    };

    private static HttpResponseMessage Answer(HttpStatusCode status, string? code = null)
    {
        var response = new HttpResponseMessage(status);
        if (code is not null)
        {
            response.Content = new StringContent(
                """{"odata.error":{"code":"CODE","message":{"lang":"en-US","value":"made up"}}}""".Replace("CODE", code, StringComparison.Ordinal));
        }

        return response;
    }

    private static string SignAccount(string account, string key, string permissions)
    {
        var expiry = DateTimeOffset.UtcNow.AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        const string Version = "2019-02-02";
        var text = string.Join('\n', account, permissions, "t", "sco", "", expiry, "", "https,http", Version, "");
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(text)));
        return $"sv={Version}&ss=t&srt=sco&sp={permissions}&se={Uri.EscapeDataString(expiry)}&spr={Uri.EscapeDataString("https,http")}&sig={Uri.EscapeDataString(signature)}";
    }

    private sealed record SeenRequest(string Method, Uri Uri, Dictionary<string, string> Headers, string Body);

    private sealed class FakeService : HttpMessageHandler
    {
        private readonly Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>[] _answers;

        public FakeService(params Func<HttpRequestMessage, HttpResponseMessage>[] answers) =>
            _answers = [.. answers.Select<Func<HttpRequestMessage, HttpResponseMessage>, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>>(
                answer => (request, _) => Task.FromResult(answer(request)))];

        public FakeService(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) => _answers = [answer];

        public List<SeenRequest> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var headers = request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? [])
                .ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase);
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            Requests.Add(new SeenRequest(request.Method.Method, request.RequestUri!, headers, body));
            return await _answers[Math.Min(Requests.Count, _answers.Length) - 1](request, cancellationToken);
        }
    }

    private sealed class FakeCredential : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public List<string?> Tenants { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            Tenants.Add(requestContext.TenantId);
            return new AccessToken("made-token", DateTimeOffset.UtcNow.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }

    private sealed class CountingPolicy : HttpPipelineSynchronousPolicy
    {
        private int _requests;

        public int Requests => _requests;

        public override void OnSendingRequest(HttpMessage message) => Interlocked.Increment(ref _requests);
    }

    private sealed class RefusingPolicy : HttpPipelinePolicy
    {
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new RequestFailedException("down");

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new RequestFailedException("down");
    }
}
