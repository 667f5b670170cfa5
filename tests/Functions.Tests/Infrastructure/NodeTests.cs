using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Serverless940.Functions.Tests.Infrastructure;

/// <summary>What Node says of the templates and the capacity model.</summary>
public sealed class NodeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Every_template_parses()
    {
        var modules = await ParserAsync();
        var script = Path.Combine(InfraFiles.Root, "tests", "Functions.Tests", "Infrastructure", "bicep", "parse.mjs");
        var files = InfraFiles.Bicep.Keys.Select(file => Path.Combine(InfraFiles.Root, "infra", file));
        Assert.Equal((0, string.Empty), await RunAsync("node", modules, [script, modules, .. files]));

        var broken = Path.Combine(modules, "broken.bicep");
        await File.WriteAllTextAsync(broken, "param a string = {\nresource x 'y'\n");
        Assert.StartsWith(broken + ":1:", (await RunAsync("node", modules, [script, modules, broken])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_app_roles_are_what_their_script_writes()
    {
        var (code, output) = await RunAsync("node", InfraFiles.Root, ["infra/entra/app-roles.mjs", "functions/App/policies/eastern-province"]);
        Assert.Equal(0, code);
        Assert.Equal(InfraFiles.Text("infra", "entra", "app-roles.json"), output);
    }

    [Fact]
    public async Task The_model_says_what_binds_first()
    {
        var storm = await ModelAsync("--per-second", "50");
        // Two texts of a report's five come at once, more or less: 50 x 60 x 5 x 0.35.
        var sms = Use(storm, "SMS number, citizens' lane");
        Assert.Equal((5250, 100), (sms.GetProperty("demand").GetDouble(), sms.GetProperty("capacity").GetDouble()));
        Assert.Equal("SMS number, citizens' lane beside the waves", storm.GetProperty("uses")[0].GetProperty("what").GetString());
        Assert.Equal(770, Use(storm, "bus, credits").GetProperty("demand").GetDouble(), 6);
        Assert.Equal(27, storm.GetProperty("waits").GetProperty("numbersNeeded").GetInt32());

        var code = await ModelAsync("--per-second", "50", "--per-day", "180000", "--sms-per-minute", "6000");
        Assert.InRange(Use(code, "SMS number, citizens' lane").GetProperty("share").GetDouble(), 0.88, 0.9);
        Assert.Equal(0, code.GetProperty("waits").GetProperty("backlogTexts").GetDouble());
        Assert.DoesNotContain(code.GetProperty("uses").EnumerateArray(), use => use.GetProperty("share").GetDouble() > 1);
    }

    [Fact]
    public async Task The_model_prices_a_report_by_its_texts()
    {
        var week = await ModelAsync("--per-day", "115");
        var costs = week.GetProperty("costs");
        // Six texts of 1.2 segments at 0.01, and a fifth of a text received at 0.0085.
        Assert.Equal(0.0737, costs.GetProperty("parts").GetProperty("sms").GetDouble(), 4);
        Assert.InRange(costs.GetProperty("smsShare").GetDouble(), 0.9, 1);
        // 800 a week stay within what is free of compute and what Standard includes of operations.
        Assert.Equal(0, costs.GetProperty("parts").GetProperty("bus").GetDouble());
        var premium = await ModelAsync("--per-day", "115", "--tier", "Premium");
        Assert.Equal(677.08 - 9.81, premium.GetProperty("costs").GetProperty("fixedMonth").GetDouble() - costs.GetProperty("fixedMonth").GetDouble(), 6);
    }

    [Fact]
    public void Every_price_has_its_date_and_source()
    {
        using var document = JsonDocument.Parse(InfraFiles.Text("infra", "capacity", "prices.json"));
        var items = document.RootElement.GetProperty("items").EnumerateObject().ToList();
        Assert.True(items.Count > 10);
        Assert.All(items, item =>
        {
            Assert.True(item.Value.GetProperty("price").GetDouble() > 0);
            Assert.Matches(@"^20\d\d-\d\d-\d\d$", item.Value.GetProperty("date").GetString());
            Assert.NotEqual(string.Empty, item.Value.GetProperty("source").GetString());
            Assert.NotEqual(string.Empty, item.Value.GetProperty("unit").GetString());
        });
    }

    private static JsonElement Use(JsonElement result, string what) =>
        result.GetProperty("uses").EnumerateArray().Single(use => use.GetProperty("what").GetString()!.StartsWith(what, StringComparison.Ordinal));

    private static async Task<JsonElement> ModelAsync(params string[] arguments)
    {
        var (code, output) = await RunAsync("node", InfraFiles.Root, ["infra/capacity/capacity.mjs", "--json", .. arguments]);
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.EnumerateArray().Single().Clone();
    }

    /// <summary>The folder into which the parser is installed from its lock file, once.</summary>
    private static async Task<string> ParserAsync()
    {
        var source = Path.Combine(InfraFiles.Root, "tests", "Functions.Tests", "Infrastructure", "bicep");
        var locked = await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"));
        var folder = Path.Combine(Path.GetTempPath(), "serverless940-bicep-" + Convert.ToHexStringLower(SHA256.HashData(locked))[..8]);
        var whole = Path.Combine(folder, ".installed");
        if (!File.Exists(whole))
        {
            Directory.CreateDirectory(folder);
            foreach (var name in new[] { "package.json", "package-lock.json", ".npmrc" })
            {
                File.Copy(Path.Combine(source, name), Path.Combine(folder, name), overwrite: true);
            }

            var (code, output) = await RunAsync(
                OperatingSystem.IsWindows() ? "npm.cmd" : "npm", folder, ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
            Assert.True(code == 0, output);
            await File.WriteAllTextAsync(whole, string.Empty);
        }

        return folder;
    }

    private static async Task<(int Code, string Output)> RunAsync(string tool, string folder, IEnumerable<string> arguments)
    {
        using var limit = new CancellationTokenSource(s_patience);
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, process.ExitCode == 0 ? output : output + await errors);
    }
}
