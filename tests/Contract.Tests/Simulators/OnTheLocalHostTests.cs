using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Communication.Sms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless940.Local;
using Serverless940.Local.Functions;

namespace Serverless940.Contract.Tests.Simulators;

/// <summary>The simulators where they belong: found by the local host beside the app, in front of its functions.</summary>
public class OnTheLocalHostTests
{
    public class Functions(IConfiguration configuration)
    {
        [Function("WhoAmI")]
        public static IActionResult WhoAmI([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "whoami")] HttpRequest request) =>
            new OkObjectResult(request.Headers["x-ms-client-principal-id"].ToString());

        [Function("Text")]
        public async Task<IActionResult> Text([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "text")] HttpRequest request)
        {
            var client = new SmsClient(configuration["Sms:ConnectionString"]);
            await client.SendAsync(
                "+966920000940", "+966500000001", "بلاغ", new SmsSendOptions(true) { Tag = "t-1" }, request.HttpContext.RequestAborted);
            return new AcceptedResult();
        }

        [Function("Reports")]
        public static async Task<IActionResult> Reports(
            [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/channels/sms")] HttpRequest request, FunctionContext context)
        {
            using var reader = new StreamReader(request.Body);
            context.InstanceServices.GetRequiredService<Contract.Tests.Functions.Notebook>()
                .Write(request.Headers["X-Webhook-Secret"] + " " + JsonNode.Parse(await reader.ReadToEndAsync())![0]!["data"]!["tag"]);
            return new OkResult();
        }
    }

    [Fact]
    public async Task A_function_sees_who_signed_in_and_sends_to_the_simulator_which_reports_back()
    {
        await using var running = await HostAsync();
        var client = running.Client;

        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("/text", null)).StatusCode);
        Assert.Equal(["secret t-1"], await running.Notebook.WaitForAsync(1));
        Assert.Equal("بلاغ", JsonNode.Parse(await client.GetStringAsync("/local/sms?to=966500000001"))![0]!["text"]!.GetValue<string>());

        using var forged = new HttpRequestMessage(HttpMethod.Get, "/whoami");
        forged.Headers.Add("x-ms-client-principal-id", "admin");
        using var nobody = await client.SendAsync(forged);
        Assert.Equal("", await nobody.Content.ReadAsStringAsync());

        using var body = new StringContent("""{"role":"agent","user":"a1"}""", Encoding.UTF8, "application/json");
        using var signedIn = await client.PostAsync("/local/sign-in", body);
        var id = JsonNode.Parse(await signedIn.Content.ReadAsStringAsync())!["principalId"]!.GetValue<string>();
        Assert.Equal(id, await client.GetStringAsync("/whoami"));
    }

    [Fact]
    public async Task Time_moves_on_through_the_host_and_the_page_is_there()
    {
        await using var running = await HostAsync();

        using var body = new StringContent("""{"advance":"PT26H"}""", Encoding.UTF8, "application/json");
        using var moved = await running.Client.PostAsync("/local/clock", body);
        using var page = await running.Client.GetAsync("/local/handset");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (moved.StatusCode, page.StatusCode));
        Assert.True(running.Context.Clock.Offset > TimeSpan.FromHours(25));
    }

    [Fact]
    public async Task The_providers_end_with_the_host()
    {
        string connection;
        await using (var running = await HostAsync())
        {
            connection = running.Host.Services.GetRequiredService<IConfiguration>()["Sms:ConnectionString"]!;
        }

        var address = new Uri(connection.Split(';')[0]["endpoint=".Length..]);
        using var client = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(address));
    }

    private static async Task<Running> HostAsync()
    {
        var folder = Directory.CreateTempSubdirectory("simulators-").FullName;
        using var options = LocalHostOptions.Use(new LocalHostOptions
        {
            FunctionTypes = [typeof(Functions)],
            SettingsFile = "",
            HostJson = """{ "version": "2.0", "extensions": { "http": { "routePrefix": "" } } }""",
            ServiceBusJson = "",
            Settings = new Dictionary<string, string?> { ["EventGrid__WebhookSecret"] = "secret" },
        });
        var builder = FunctionsApplication.CreateBuilder(["--port", "0", "--data", folder]);
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton<Contract.Tests.Functions.Notebook>();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        var host = builder.Build();
        await host.StartAsync();
        return new Running(host, folder);
    }

    private sealed class Running(IHost host, string folder) : IAsyncDisposable
    {
        public IHost Host => host;

        public LocalHostContext Context => host.Services.GetRequiredService<LocalHostContext>();

        public Contract.Tests.Functions.Notebook Notebook => host.Services.GetRequiredService<Contract.Tests.Functions.Notebook>();

        public HttpClient Client { get; } = new() { BaseAddress = host.Services.GetRequiredService<LocalHostContext>().BaseAddress };

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await ((IAsyncDisposable)host).DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
