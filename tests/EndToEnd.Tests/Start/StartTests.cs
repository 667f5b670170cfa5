using System.Globalization;
using System.Net;
using Serverless940.EndToEnd.Tests.Harness;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.EndToEnd.Tests.Start;

public sealed class StartTests
{
    [UnixFact]
    public async Task A_second_run_reuses_the_data_a_clean_stop_leaves_no_process_and_another_folder_is_apart()
    {
        using var data = new AppData();
        var citizen = Citizen.New();
        Held report;
        using (var first = await AppProcess.StartAsync(data))
        {
            Assert.Contains(first.Out, line => line.Contains(new Uri(first.Http.BaseAddress!, "/local/handset").AbsoluteUri, StringComparison.Ordinal));
            report = await citizen.ReportAsync(first);
            await first.QuietAsync();
            Assert.True(data.AzuriteLives);
            AssertClean(await first.StopAsync(), data);
        }

        using var other = new AppData();
        using var stranger = await AppProcess.StartAsync(other);
        using var second = await AppProcess.StartAsync(data);
        Assert.Equal(["received", "assigned"], await Citizen.StepsAsync(second, report));
        Assert.Single(await citizen.SmsAsync(second));
        Assert.Empty(await Citizen.StepsAsync(stranger, report));
        Assert.Empty(await citizen.SmsAsync(stranger));
        AssertClean(await second.StopAsync(), data);
        Assert.Equal(HttpStatusCode.OK, (await stranger.Http.GetAsync("/api/health")).StatusCode);
        AssertClean(await stranger.StopAsync(), other);
    }

    [UnixFact]
    public async Task SIGTERM_lets_an_upload_under_way_come_to_its_end()
    {
        using var data = new AppData();
        Held report;
        string attachment;
        using (var first = await AppProcess.StartAsync(data))
        {
            report = await Citizen.New().ReportAsync(first);
            var photo = JpegSample.FromPhone(26.43, 50.1, width: 1024, height: 768);
            using var upload = new SlowUpload(photo, pauseAfter: photo.Length / 2);
            var answer = Citizen.SendAsync(first, report, HttpMethod.Post, "/attachments", upload);
            await upload.Paused;
            first.Terminate();
            await RefusedAsync(first);
            upload.GoOn();
            using var response = await answer;
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
            attachment = (await response.JsonAsync()).GetProperty("attachmentId").GetString()!;
            AssertClean(await first.EndAsync(), data);
        }

        using var second = await AppProcess.StartAsync(data);
        await second.QuietAsync();
        var file = Assert.Single((await Citizen.ReadAsync(second, report)).GetProperty("attachments").EnumerateArray());
        Assert.Equal(attachment, file.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_used_port_a_used_folder_and_a_foreign_host_name_are_each_told_in_one_line()
    {
        using var data = new AppData();
        using var other = new AppData();
        using var app = await AppProcess.StartAsync(data);
        var port = await AppProcess.RunAsync(["--port", Text(app.Port), "--data", other.Folder, "--settings", AppFiles.SampleSettings]);
        AssertRefused(port, $"Port {app.Port} is in use; choose another with --port.", other);
        var folder = await AppProcess.RunAsync(["--port", "0", "--data", data.Folder, "--settings", AppFiles.SampleSettings]);
        Assert.Equal(1, folder.ExitCode);
        Assert.Equal([$"Another host runs over {data.Folder}; choose another folder with --data."], folder.Error);
        Assert.True(data.AzuriteLives);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/health");
        request.Headers.Host = "940.attacker.example";
        using var response = await app.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Links__SigningKey", " ", "Setting Links__SigningKey is missing.")]
    [InlineData("WhatsApp__AppSecret", "short", "Setting WhatsApp__AppSecret is shorter than 16 characters.")]
    [InlineData("WEBSITE_INSTANCE_ID", "0123", "WEBSITE_INSTANCE_ID is set: the local host never runs in Azure. Publish with -p:AzureSdk=true.")]
    public async Task A_setting_that_is_not_fit_stops_the_start_with_one_line(string name, string value, string line)
    {
        using var data = new AppData();
        var ended = await AppProcess.RunAsync(Arguments(data), new Dictionary<string, string> { [name] = value });
        AssertRefused(ended, line, data);
    }

    [Fact]
    public async Task A_policy_that_cannot_be_used_stops_the_start_with_file_line_and_reason()
    {
        using var data = new AppData("data");
        var policy = BrokenPolicy(data);
        var ended = await AppProcess.RunAsync(Arguments(data), new Dictionary<string, string> { ["Policy__Directory"] = policy });
        Assert.Equal(1, ended.ExitCode);
        Assert.Equal([$"The policy in {policy} cannot be used:", BrokenPolicyLine], ended.Error);
        Assert.False(data.AzuriteLives);
    }

    [Fact]
    public async Task A_policy_is_checked_without_a_start()
    {
        using var data = new AppData("data");
        var broken = await AppProcess.RunAsync(["--check-policy", BrokenPolicy(data)]);
        Assert.Equal((1, BrokenPolicyLine), (broken.ExitCode, Assert.Single(broken.Out)));
        var good = await AppProcess.RunAsync(["--check-policy", AppFiles.ExamplePolicy]);
        Assert.Equal(0, good.ExitCode);
        Assert.StartsWith("OK, version ", Assert.Single(good.Out), StringComparison.Ordinal);
        var none = await AppProcess.RunAsync(["--check-policy", Path.Combine(data.Root, "nowhere")]);
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("there is no such folder", Assert.Single(none.Out), StringComparison.Ordinal);
        Assert.Equal(["policy"], Directory.EnumerateFileSystemEntries(data.Root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_first_run_writes_its_settings_from_the_sample_and_says_so()
    {
        using var clone = new AppData(".local");
        var sample = Path.Combine(clone.Root, "local.settings.sample.json");
        var settings = Path.Combine(clone.Root, "local.settings.json");
        var bin = Path.Combine(clone.Root, "functions", "App", "bin");
        AppFiles.CopyFolder(AppFiles.Folder, bin);
        File.Copy(AppFiles.SampleSettings, sample);
        await File.WriteAllTextAsync(Path.Combine(clone.Root, "Serverless940.sln"), string.Empty);
        using (var first = await AppProcess.StartAsync(["--port", "0"], folder: clone.Root, app: bin))
        {
            Assert.Contains($"Wrote {settings} from local.settings.sample.json.", first.Out);
            Assert.Equal(await File.ReadAllTextAsync(sample), await File.ReadAllTextAsync(settings));
            Assert.True(clone.AzuriteLives);
        }

        // The second run takes the file as its user left it.
        var mine = (await File.ReadAllTextAsync(settings)).Replace("local-only-links-signing-key-0123456789", "too-short", StringComparison.Ordinal);
        await File.WriteAllTextAsync(settings, mine);
        using var second = AppProcess.Launch(["--port", "0"], folder: clone.Root, app: bin);
        Assert.Equal(["Setting Links__SigningKey is shorter than 16 characters."], (await second.EndAsync()).Error);
        Assert.Equal(mine, await File.ReadAllTextAsync(settings));
    }

    private const string BrokenPolicyLine =
        "ladders.json:10:31: 'nobody' is none of: teamLead, departmentHead, municipalityHead, amin ($.ladders[0].steps[0].role)";

    private static string[] Arguments(AppData data) => ["--port", "0", "--data", data.Folder, "--settings", AppFiles.SampleSettings];

    private static string BrokenPolicy(AppData data)
    {
        var folder = Path.Combine(data.Root, "policy");
        AppFiles.CopyFolder(AppFiles.ExamplePolicy, folder);
        var file = Path.Combine(folder, "ladders.json");
        var text = File.ReadAllText(file);
        var first = text.IndexOf("\"teamLead\"", StringComparison.Ordinal);
        File.WriteAllText(file, text[..first] + "\"nobody\"" + text[(first + "\"teamLead\"".Length)..]);
        return folder;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static void AssertClean(Ended ended, AppData data)
    {
        Assert.Empty(ended.Error);
        Assert.Equal((0, "Stopped."), (ended.ExitCode, ended.Out[^1]));
        Assert.False(data.AzuriteLives);
    }

    private static void AssertRefused(Ended ended, string line, AppData data)
    {
        Assert.Equal([line], ended.Error);
        Assert.Empty(ended.Out);
        Assert.Equal(1, ended.ExitCode);
        Assert.False(data.AzuriteLives);
    }

    private static async Task RefusedAsync(AppProcess app) => await Poll.UntilAsync(
        async () =>
        {
            try
            {
                using var another = new HttpClient { BaseAddress = app.Http.BaseAddress };
                using var response = await another.GetAsync("/api/health");
                return false;
            }
            catch (HttpRequestException)
            {
                return true;
            }
        },
        "the app takes in nothing more");
}
