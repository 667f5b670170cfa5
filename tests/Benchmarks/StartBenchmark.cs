using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Serverless940.Local.Azurite;

namespace Serverless940.Benchmarks;

/// <summary>
/// The published executable on a data folder whose Azurite is up: killed and started again, as after a crash. The floor is
/// the same executable reading its policy and ending.
/// </summary>
internal static class StartBenchmark
{
    private const double MostSeconds = 1;
    private const double MostMegabytes = 150;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("serverless940-start-").FullName;
        try
        {
            var app = await PublishAsync(folder);
            var data = Path.Combine(folder, "data");
            var address = new Uri("http://localhost:" + FreePort().ToString(CultureInfo.InvariantCulture));
            using (var first = Start(app, data, address))
            {
                await UntilHealthyAsync(first, address);
                await EndAsync(first);
            }

            var rest = 0.0;
            var pair = await Measure.AlternateAsync(
                9,
                async () =>
                {
                    var started = Stopwatch.GetTimestamp();
                    using var process = Start(app, data, address);
                    await UntilHealthyAsync(process, address);
                    var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                    if (rest == 0)
                    {
                        await Task.Delay(TimeSpan.FromSeconds(10));
                        process.Refresh();
                        rest = process.WorkingSet64 / 1024.0 / 1024;
                    }

                    await EndAsync(process);
                    return seconds;
                },
                () => FloorAsync(app));
            await using (await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = data }, Console.Error.WriteLine, CancellationToken.None))
            {
                // Adopted only to be stopped.
            }

            return
            [
                new Row(
                    "start, to the first 200", Row.Text(pair.Ours) + " s", Row.Text(pair.Floor) + " s to read the policy and end", Row.Text(pair.Ratio),
                    "<= 1 s", pair.Ours <= MostSeconds),
                new Row("start, memory at rest", Row.Text(rest) + " MB", null, null, "< 150 MB", rest < MostMegabytes),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> PublishAsync(string folder)
    {
        var output = Path.Combine(folder, "app");
        using var publish = Process.Start(new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Root(),
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "publish", "functions/App", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--no-self-contained", "-o", output,
                // Another dependency graph: it leaves the repository's lock files and outputs alone.
                "--artifacts-path", Path.Combine(folder, "artifacts"), "-p:NuGetLockFilePath=obj/publish.lock.json", "-v", "q", "--nologo",
            },
        })!;
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? Path.Combine(output, "Serverless940.Functions") : throw new InvalidOperationException(said);
    }

    private static Process Start(string app, string data, Uri address) => Run(
        app, "--port", address.Port.ToString(CultureInfo.InvariantCulture), "--data", data, "--settings", Path.Combine(Root(), "local.settings.sample.json"));

    private static Process Run(string app, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(app, arguments) { RedirectStandardOutput = true, WorkingDirectory = Path.GetDirectoryName(app) })!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task UntilHealthyAsync(Process process, Uri address)
    {
        while (!process.HasExited)
        {
            try
            {
                using var connection = new RawHttp();
                await connection.ConnectAsync(address);
                if (await connection.SendAsync(RawHttp.Get(address, "/api/health")) == 200)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                // Not yet.
            }

            await Task.Delay(2);
        }

        throw new InvalidOperationException("The app ended.");
    }

    private static async Task<double> FloorAsync(string app)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Run(app, "--check-policy", "policies/eastern-province");
        await process.WaitForExitAsync();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task EndAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (folder.EnumerateFiles("*.sln").Any())
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The benchmarks run inside the repository.");
    }
}
