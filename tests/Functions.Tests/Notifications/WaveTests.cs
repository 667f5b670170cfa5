using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Messages;
using Serverless940.Functions.Notifications;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Settings;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Notifications;

/// <summary>An escalation wave goes out at its pace, each text once, and nobody else waits for it.</summary>
public sealed class WaveTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly AppFixture _app = shared.App;

    [Fact]
    public async Task Turns_are_even_for_all_instances_together()
    {
        var table = _app.Services.GetRequiredService<TableServiceClient>();
        using var one = new WavePace(table, Rate(60));
        using var other = new WavePace(table, Rate(60));
        // Far ahead of whatever the app's own waves took.
        var now = _app.Now.AddDays(30);

        var turns = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => PatientlyAsync(index % 2 == 0 ? one : other, now)));

        Assert.Equal(Enumerable.Range(0, 20).Select(second => now.AddSeconds(second)), turns.Order());
        Assert.Equal(now.AddHours(1), await one.TakeTurnAsync(now.AddHours(1), CancellationToken.None));
    }

    [Fact]
    public async Task A_wave_waits_on_the_bus_and_a_citizens_number_passes_it()
    {
        const int Wave = 60;
        var bus = _app.Services.GetRequiredService<BusSender>();
        var start = _app.Now;
        var texts = Enumerable.Range(0, Wave).Select(index => Text("staff.escalated", "staff-teamLead", $"+9665000{index:00000}", $"2611000000{index:0000}"));
        await bus.SendAsync([.. texts.Select(text => new OutgoingMessage(Names.Queues.WaveNotifications, text.Number + "-1", text.Number, text))], CancellationToken.None);
        await _app.QuietAsync();
        var atOnce = await SentAsync(Wave);

        var direct = Text("received", "citizen-sms", "+966500009940", "26110000009940");
        await bus.SendAsync(new OutgoingMessage(Names.Queues.Notifications, "direct-1", direct.Number, direct), CancellationToken.None);
        await _app.QuietAsync();

        // A hundred a minute: ten seconds' worth at once, the rest when its turn comes.
        Assert.InRange(atOnce, 10, 30);
        Assert.Single(await shared.Citizen.SmsAsync("+966500009940"));
        Assert.Equal(0, _app.Broker.Counts(Names.Queues.WaveNotifications).DeadLetter);

        await _app.AdvanceAsync(start.AddMinutes(2) - _app.Now);
        Assert.Equal(Wave, await SentAsync(Wave));
    }

    private static SmsSettings Rate(int perMinute) => new("unused", null, "+966500000940", perMinute);

    private static async Task<DateTimeOffset> PatientlyAsync(WavePace pace, DateTimeOffset now)
    {
        while (true)
        {
            try
            {
                return await pace.TakeTurnAsync(now, CancellationToken.None);
            }
            catch (TransientFailureException)
            {
                // As the queue does.
            }
        }
    }

    private SendNotification Text(string template, string key, string to, string number) => new(
        number, 1, key, Medium.Sms, to, true, template, "ar",
        new Dictionary<string, string>
        {
            ["number"] = number, ["category"] = "إنارة", ["municipality"] = "شرق الدمام", ["link"] = "https://940.example/s/AAAAAAAAAAA", ["level"] = "1",
        },
        false, _app.Now);

    private async Task<int> SentAsync(int wave)
    {
        var sent = 0;
        for (var index = 0; index < wave; index++)
        {
            sent += (await shared.Citizen.SmsAsync($"+9665000{index:00000}")).Count;
        }

        return sent;
    }
}
