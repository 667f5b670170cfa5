using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless940.Local.Functions;

namespace Serverless940.Contract.Tests.Functions;

public class HttpFunctionTests
{
    [Theory]
    [InlineData("GET", "/api/things/42", "Number 42")]
    [InlineData("GET", "/api/things/abc", "Text abc")]
    [InlineData("GET", "/API/Things/42", "Number 42")]
    [InlineData("POST", "/api/things/42", "Post 42")]
    [InlineData("GET", "/api/ids/7f0c5b0e-7a0c-4b0e-9d38-3f2f5a3f3f11", "Guid 7f0c5b0e-7a0c-4b0e-9d38-3f2f5a3f3f11")]
    [InlineData("GET", "/api/flags/true/2.5/9000000000", "True 2.5 9000000000")]
    [InlineData("GET", "/api/optional", "optional none")]
    [InlineData("GET", "/api/optional/5", "optional 5")]
    [InlineData("GET", "/files/a/b/c.txt", "rest a/b/c.txt")]
    [InlineData("GET", "/files", "rest ")]
    [InlineData("GET", "/Unrouted", "unrouted")]
    [InlineData("DELETE", "/any", "DELETE")]
    public async Task A_request_reaches_the_function_its_path_constraints_and_method_name(string method, string path, string answer)
    {
        await using var host = await RunningHost.StartAsync([typeof(Routes)]);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/api/nothing")]
    [InlineData("PUT", "/api/things/42")]
    [InlineData("GET", "/")]
    [InlineData("GET", "/api/ids/12")]
    public async Task What_matches_no_function_is_404_without_a_body(string method, string path)
    {
        await using var host = await RunningHost.StartAsync([typeof(Routes)]);
        using var response = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_route_prefix_is_api_unless_host_json_says_otherwise()
    {
        await using var host = await RunningHost.StartAsync([typeof(Routes)], hostJson: "{}");
        Assert.Equal("unrouted", await host.Client.GetStringAsync("/api/Unrouted"));
    }

    [Fact]
    public async Task Of_two_routes_that_match_the_function_whose_name_sorts_first_runs()
    {
        await using var host = await RunningHost.StartAsync([typeof(Shadowing)]);
        Assert.Equal("catch-all", await host.Client.GetStringAsync("/p/exact"));
    }

    [Fact]
    public async Task Results_of_both_kinds_are_carried_out()
    {
        await using var host = await RunningHost.StartAsync([typeof(Outcomes)]);
        using var result = await host.Client.GetAsync("/result");
        Assert.Equal(HttpStatusCode.Accepted, result.StatusCode);
        Assert.Equal("""{"numberOf":1}""", await result.Content.ReadAsStringAsync());
        using var action = await host.Client.GetAsync("/action");
        Assert.Equal(HttpStatusCode.Created, action.StatusCode);
        Assert.Equal("""{"numberOf":2}""", await action.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await host.Client.GetAsync("/typed")).StatusCode);
    }

    [Fact]
    public async Task A_thrown_exception_is_500_without_a_body_and_without_the_query_in_the_log()
    {
        var log = new Lines();
        await using var host = await RunningHost.StartAsync(
            [typeof(Outcomes)],
            configure: builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Trace);
                builder.Logging.ClearProviders();
                builder.Logging.AddProvider(log);
            });
        using var response = await host.Client.GetAsync("/throws?phone=%2B966500000001");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Contains(log.All, line => line.Contains("Throws", StringComparison.Ordinal));
        Assert.DoesNotContain(log.All, line => line.Contains("966500000001", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_open_what_their_level_says()
    {
        await using var host = await RunningHost.StartAsync([typeof(Levels)]);
        var keys = LocalHostControl.Keys(host.Host);
        Assert.Equal(HttpStatusCode.OK, await Status("/open", null));
        Assert.Equal(HttpStatusCode.OK, await Status("/open", "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status("/function", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status("/function", "wrong"));
        Assert.Equal(HttpStatusCode.OK, await Status("/function", keys.Function));
        Assert.Equal(HttpStatusCode.OK, await Status("/function", keys.Master));
        Assert.Equal(HttpStatusCode.OK, await Status($"/function?code={keys.Function}", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status($"/function?code={keys.Function}", "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status("/admin-level", keys.Function));
        Assert.Equal(HttpStatusCode.OK, await Status("/admin-level", keys.Master));

        async Task<HttpStatusCode> Status(string path, string? key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path.Replace("/admin-level", "/level/admin", StringComparison.Ordinal));
            if (key is not null)
            {
                request.Headers.Add("x-functions-key", key);
            }

            using var response = await host.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("localhost:7071", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:80", 200)]
    [InlineData("example.org", 400)]
    [InlineData("localhost.example.org", 400)]
    [InlineData("169.254.169.254", 400)]
    public async Task Only_names_of_loopback_are_served(string name, int status)
    {
        await using var host = await RunningHost.StartAsync([typeof(Levels)]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/open");
        request.Headers.Host = name;
        using var response = await host.Client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_body_is_handed_over_as_it_arrives()
    {
        await using var host = await RunningHost.StartAsync([typeof(Bodies)]);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, host.Context.BaseAddress!.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /first HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nA"));

        // The rest of the body never comes, and yet the function has read the first byte.
        Assert.Equal(["first A"], await host.Notebook.WaitForAsync(1));
    }

    [Fact]
    public async Task Outstanding_requests_beyond_the_limit_are_429()
    {
        await using var host = await RunningHost.StartAsync(
            [typeof(Slow)],
            configure: builder => builder.Services.AddSingleton<Slow.Gate>(),
            hostJson: """{ "extensions": { "http": { "routePrefix": "", "maxConcurrentRequests": 1, "maxOutstandingRequests": 2 } } }""");
        var first = host.Client.GetAsync("/slow");
        await host.Notebook.WaitForAsync(1);
        var others = Enumerable.Range(0, 5).Select(_ => host.Client.GetAsync("/slow")).ToList();

        // One of them waits for the slot; there is no room for the other four.
        for (var i = 0; i < 4; i++)
        {
            var refused = await Task.WhenAny(others);
            Assert.Equal(HttpStatusCode.TooManyRequests, (await refused).StatusCode);
            others.Remove(refused);
        }

        Slow.Open(host);
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await others.Single()).StatusCode);
    }

    [Fact]
    public async Task A_disabled_function_answers_404()
    {
        await using var host = await RunningHost.StartAsync([typeof(Levels)], settings: new() { ["AzureWebJobs.Open.Disabled"] = "true", ["AzureWebJobs__ByFunctionKey__Disabled"] = "1" });
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/open")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync($"/function?code={LocalHostControl.Keys(host.Host).Function}")).StatusCode);
    }

    [Fact]
    public async Task Custom_headers_of_host_json_are_on_every_answer()
    {
        await using var host = await RunningHost.StartAsync(
            [typeof(Levels)],
            hostJson: """{ "extensions": { "http": { "routePrefix": "", "customHeaders": { "X-Content-Type-Options": "nosniff" } } } }""");
        Assert.Equal("nosniff", (await host.Client.GetAsync("/open")).Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("nosniff", (await host.Client.GetAsync("/nowhere")).Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Middleware_runs_around_every_invocation_and_sees_the_request()
    {
        await using var host = await RunningHost.StartAsync([typeof(Levels)], configure: builder =>
        {
            builder.UseMiddleware(async (context, next) =>
            {
                var notebook = context.InstanceServices.GetRequiredService<Notebook>();
                notebook.Write($"before {context.FunctionDefinition.Name} {context.GetHttpContext()!.Request.Path}");
                await next();
                notebook.Write("after");
            });
            builder.UseWhen(
                context => context.FunctionDefinition.Name == "ByFunctionKey",
                (context, _) =>
                {
                    context.GetHttpContext()!.Response.StatusCode = 418;
                    return Task.CompletedTask;
                });
        });
        Assert.Equal("open", await host.Client.GetStringAsync("/open"));
        Assert.Equal(["before Open /open", "after"], host.Notebook.Lines);
        Assert.Equal(418, (int)(await host.Client.GetAsync($"/function?code={LocalHostControl.Keys(host.Host).Function}")).StatusCode);
    }

    [Fact]
    public async Task A_value_that_does_not_fit_its_parameter_is_500_and_is_not_told()
    {
        await using var host = await RunningHost.StartAsync([typeof(Misfits)]);
        using var response = await host.Client.GetAsync("/misfit/abc");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    public static class Routes
    {
        [Function("NumberThing")]
        public static IResult Number([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/things/{id:int}")] HttpRequest request, int id) => Text($"Number {id}");

        [Function("TextThing")]
        public static IResult Word([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/things/{id:alpha}")] HttpRequest request, string id) => Text($"Text {id}");

        [Function("PostThing")]
        public static IResult Post([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/things/{id}")] HttpRequest request, string id) => Text($"Post {id}");

        [Function("Ids")]
        public static IResult Ids([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/ids/{id:guid}")] HttpRequest request, Guid id) => Text($"Guid {id}");

        [Function("Flags")]
        public static IResult Flags([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/flags/{flag}/{share}/{count}")] HttpRequest request, bool flag, double share, long count) =>
            Text(FormattableString.Invariant($"{flag} {share} {count}"));

        [Function("Optional")]
        public static IResult Optional([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/optional/{number:int?}")] HttpRequest request, int? number) =>
            Text(number is null ? "optional none" : $"optional {number}");

        [Function("Rest")]
        public static IResult Rest([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "files/{*rest}")] HttpRequest request, string? rest) => Text($"rest {rest}");

        [Function("Unrouted")]
        public static IResult Unrouted([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Text("unrouted");

        [Function("Any")]
        public static IResult Any([HttpTrigger(AuthorizationLevel.Anonymous, Route = "any")] HttpRequest request) => Text(request.Method);

        private static IResult Text(string text) => Results.Text(text);
    }

    public static class Shadowing
    {
        [Function("A_catches_all")]
        public static IResult All([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "p/{*rest}")] HttpRequest request) => Results.Text("catch-all");

        [Function("B_is_exact")]
        public static IResult Exact([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "p/exact")] HttpRequest request) => Results.Text("exact");
    }

    public static class Outcomes
    {
        [Function("Result")]
        public static Task<IResult> Result([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "result")] HttpRequest request) =>
            Task.FromResult(Results.Json(new { NumberOf = 1 }, statusCode: 202));

        [Function("Action")]
        public static Task<IActionResult> Action([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "action")] HttpRequest request) =>
            Task.FromResult<IActionResult>(new ObjectResult(new { NumberOf = 2 }) { StatusCode = 201 });

        [Function("Typed")]
        public static Microsoft.AspNetCore.Http.HttpResults.NoContent Typed([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "typed")] HttpRequest request) => TypedResults.NoContent();

        [Function("Throws")]
        public static IResult Throws([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throws")] HttpRequest request) => throw new InvalidOperationException("broken on purpose");
    }

    public static class Levels
    {
        [Function("Open")]
        public static IResult Open([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "open")] HttpRequest request) => Results.Text("open");

        [Function("ByFunctionKey")]
        public static IResult ByFunctionKey([HttpTrigger(AuthorizationLevel.Function, "get", Route = "function")] HttpRequest request) => Results.Ok();

        [Function("ByMasterKey")]
        public static IResult ByMasterKey([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "level/admin")] HttpRequest request) => Results.Ok();
    }

    public class Bodies(Notebook notebook)
    {
        [Function("First")]
        public async Task<IResult> First([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "first")] HttpRequest request, CancellationToken cancellationToken)
        {
            var one = new byte[1];
            await request.Body.ReadExactlyAsync(one, cancellationToken);
            notebook.Write($"first {(char)one[0]}");
            return Results.Ok();
        }
    }

    public class Slow(Notebook notebook, Slow.Gate gate)
    {
        [Function("Slow")]
        public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "slow")] HttpRequest request, CancellationToken cancellationToken)
        {
            notebook.Write("in");
            await gate.Opened.Task.WaitAsync(cancellationToken);
            return Results.Ok();
        }

        public static void Open(RunningHost host) => host.Host.Services.GetRequiredService<Gate>().Opened.TrySetResult();

        public sealed class Gate
        {
            public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public static class Misfits
    {
        [Function("Misfit")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "misfit/{number}")] HttpRequest request, int number) =>
            Results.Ok(JsonSerializer.Serialize(number));
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> All => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
