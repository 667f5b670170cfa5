using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Communication.Sms;
using Serverless940.Local;

namespace Serverless940.Contract.Tests.Simulators;

public class ControlTests
{
    [Fact]
    public async Task The_clock_moves_forward_and_says_where_it_is()
    {
        await using var app = await SimulatedApp.StartAsync();
        DateTimeOffset? asked = null;
        app.Context.AdvanceAsync = (target, limit, _) =>
        {
            Assert.InRange(limit, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(120));
            asked = target;
            app.Context.Clock.AdvanceTo(target);
            return Task.FromResult<IReadOnlyList<string>>([]);
        };
        var before = (await app.GetAsync("/local/clock"))["now"]!.GetValue<DateTimeOffset>();

        using var response = await app.PostAsync("/local/clock", """{"advance":"PT26H"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var now = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["now"]!.GetValue<DateTimeOffset>();
        Assert.InRange(now - before, TimeSpan.FromHours(26), TimeSpan.FromHours(27));
        Assert.InRange(asked!.Value - before, TimeSpan.FromHours(26), TimeSpan.FromHours(27));
    }

    [Fact]
    public async Task What_is_left_after_the_limit_is_named()
    {
        await using var app = await SimulatedApp.StartAsync();
        app.Context.AdvanceAsync = static (_, _, _) => Task.FromResult<IReadOnlyList<string>>(["queue commands: 3"]);

        using var response = await app.PostAsync("/local/clock", """{"advance":"PT1H"}""", ("Accept-Language", "en"));

        Assert.Equal((HttpStatusCode.GatewayTimeout, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal("queue commands: 3", problem["left"]![0]!.GetValue<string>());
        Assert.StartsWith("Not all was quiet in time. The clock stands at 2", problem["title"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clock_answers_only_after_the_reports_of_what_was_sent_meanwhile_arrived_and_were_drained()
    {
        await using var app = await SimulatedApp.StartAsync();
        List<int> hooksAtRound = [];
        app.Context.AdvanceAsync = async (target, _, cancellationToken) =>
        {
            app.Context.Clock.AdvanceTo(target);
            hooksAtRound.Add(app.Hooks.Count);
            if (hooksAtRound.Count == 1)
            {
                await new SmsClient(app.Settings["Sms__ConnectionString"])
                    .SendAsync("+966920000940", "+966500000001", "x", new SmsSendOptions(true), cancellationToken);
            }

            return [];
        };

        using var response = await app.PostAsync("/local/clock", """{"advance":"PT1H"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([0, 1], hooksAtRound);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"advance":"26 hours"}""")]
    [InlineData("""{"advance":"-PT1H"}""")]
    [InlineData("""{"advance":"P401D"}""")]
    [InlineData("""{"advance":26}""")]
    [InlineData("")]
    public async Task A_duration_that_is_none_changes_nothing(string body)
    {
        await using var app = await SimulatedApp.StartAsync();

        using var response = await app.PostAsync("/local/clock", body);

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Equal(TimeSpan.Zero, app.Context.Clock.Offset);
    }

    [Fact]
    public async Task A_fault_is_set_and_lifted()
    {
        await using var app = await SimulatedApp.StartAsync();

        using var set = await app.PostAsync("/local/faults", """{"target":"tables","mode":"slow","for":"PT30S"}""");
        var during = app.Context.Faults.Current(FaultTarget.Tables);
        using var lifted = await app.PostAsync("/local/faults", """{"target":"tables","mode":"slow","for":"PT0S"}""");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (set.StatusCode, lifted.StatusCode));
        Assert.Equal(FaultMode.Slow, during);
        Assert.Null(app.Context.Faults.Current(FaultTarget.Tables));
    }

    [Theory]
    [InlineData("""{"target":"moon","mode":"down","for":"PT1S"}""")]
    [InlineData("""{"target":"1","mode":"down","for":"PT1S"}""")]
    [InlineData("""{"target":"sms","mode":"gone","for":"PT1S"}""")]
    [InlineData("""{"target":"sms","mode":"down"}""")]
    [InlineData("""{"target":"sms","mode":"down","for":"P2D"}""")]
    public async Task A_fault_that_makes_no_sense_breaks_nothing(string body)
    {
        await using var app = await SimulatedApp.StartAsync();

        using var response = await app.PostAsync("/local/faults", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(app.Context.Faults.Current(FaultTarget.Sms));
        Assert.Null(app.Context.Faults.Current(FaultTarget.Tables));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "own", HttpStatusCode.NoContent)]
    [InlineData("Sec-Fetch-Site", "none", HttpStatusCode.NoContent)]
    public async Task Changes_come_from_the_own_page_or_from_a_program(string header, string value, HttpStatusCode expected)
    {
        await using var app = await SimulatedApp.StartAsync();
        var own = app.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

        using var response = await app.PostAsync(
            "/local/faults", """{"target":"sms","mode":"down","for":"PT1S"}""", (header, value == "own" ? own : value));

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Signing_in_gives_the_principal_App_Service_would_give()
    {
        await using var app = await SimulatedApp.StartAsync();
        Assert.Equal("True", app.Settings["WEBSITE_AUTH_ENABLED"]);

        var headers = await PrincipalAsync(app, await SignInAsync(app, """{"role":"verifier","scope":"municipality:dammam,department:lighting","user":"v1","name":"مدقق"}"""));

        var principal = JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(headers["x-ms-client-principal"]!.GetValue<string>())))!;
        Assert.Equal(["auth_typ", "claims", "name_typ", "role_typ"], principal.AsObject().Select(property => property.Key));
        var claims = principal["claims"]!.AsArray().ToDictionary(claim => claim!["typ"]!.GetValue<string>(), claim => claim!["val"]!.GetValue<string>());
        Assert.Equal(("verifier", "dammam", "lighting", "مدقق"), (claims["roles"], claims["municipality"], claims["department"], claims["name"]));
        Assert.Equal(claims["http://schemas.microsoft.com/identity/claims/objectidentifier"], headers["x-ms-client-principal-id"]!.GetValue<string>());
        Assert.Equal(claims[principal["name_typ"]!.GetValue<string>()], headers["x-ms-client-principal-name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Two_users_are_two_principals_and_the_same_user_is_one_in_every_run()
    {
        await using var app = await SimulatedApp.StartAsync();
        await using var other = await SimulatedApp.StartAsync();

        var one = await PrincipalAsync(app, await SignInAsync(app, """{"role":"field","user":"u1"}"""));
        var two = await PrincipalAsync(app, await SignInAsync(app, """{"role":"verifier","user":"u2"}"""));
        var again = await PrincipalAsync(other, await SignInAsync(other, """{"role":"field","user":"u1"}"""));

        Assert.NotEqual(one["x-ms-client-principal-id"]!.GetValue<string>(), two["x-ms-client-principal-id"]!.GetValue<string>());
        Assert.Equal(one["x-ms-client-principal-id"]!.GetValue<string>(), again["x-ms-client-principal-id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_principal_from_outside_never_gets_through()
    {
        await using var app = await SimulatedApp.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/principal");
        request.Headers.TryAddWithoutValidation("X-MS-CLIENT-PRINCIPAL", "e30=");
        request.Headers.TryAddWithoutValidation("x-ms-client-principal-id", "admin");

        using var response = await app.Client.SendAsync(request);

        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_cookie_that_was_touched_or_made_elsewhere_is_nobody()
    {
        await using var app = await SimulatedApp.StartAsync();
        await using var other = await SimulatedApp.StartAsync();
        var cookie = await SignInAsync(app, """{"role":"agent"}""");
        var touched = "local-staff=" + (cookie["local-staff=".Length] == 'e' ? 'f' : 'e') + cookie[("local-staff=".Length + 1)..];

        Assert.Empty(await PrincipalAsync(app, touched));
        Assert.Empty(await PrincipalAsync(other, cookie));
        Assert.Empty(await PrincipalAsync(app, "local-staff=nonsense.!!"));
        Assert.NotEmpty(await PrincipalAsync(app, cookie));
    }

    [Theory]
    [InlineData("""{"role":"king"}""")]
    [InlineData("""{"role":"agent","scope":"planet:earth"}""")]
    [InlineData("""{"role":"agent","scope":"municipality:"}""")]
    [InlineData("{}")]
    public async Task An_unknown_role_or_scope_gets_no_session(string body)
    {
        await using var app = await SimulatedApp.StartAsync();

        using var response = await app.PostAsync("/local/sign-in", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    private static async Task<string> SignInAsync(SimulatedApp app, string body)
    {
        using var response = await app.PostAsync("/local/sign-in", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        return cookie.Split(';')[0];
    }

    private static async Task<JsonObject> PrincipalAsync(SimulatedApp app, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/principal");
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        using var response = await app.Client.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }
}
