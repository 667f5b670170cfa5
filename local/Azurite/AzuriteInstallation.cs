using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Serverless940.Local.Azurite;

/// <summary>The npm packages of Azurite, installed once from the lock file.</summary>
internal static class AzuriteInstallation
{
    private const string Marker = ".installed";

    /// <summary>Where the lock file and the launcher lie beside this assembly.</summary>
    public static string Sources { get; } = Path.Combine(AppContext.BaseDirectory, "azurite");

    /// <summary>
    /// Azurite's entry script, installed first when it is not there. The packages go to a folder of their own and are
    /// moved into place when whole, so a broken installation is never taken for one.
    /// </summary>
    /// <exception cref="AzuriteException">Node or npm is missing, or npm failed.</exception>
    public static async Task<string> EnsureAsync(string? folder, Action<string> log, CancellationToken cancellationToken)
    {
        folder = Path.GetFullPath(folder ?? DefaultFolder());
        var entry = Path.Combine(folder, "node_modules", "azurite", "dist", "src", "azurite.js");
        if (File.Exists(Path.Combine(folder, Marker)))
        {
            return entry;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        using var gate = await FileGate.EnterAsync(folder + ".lock", cancellationToken);
        if (File.Exists(Path.Combine(folder, Marker)))
        {
            return entry;
        }

        log($"Installing Azurite from its lock file into {folder} (once) ...");
        var staging = folder + ".new";
        DeleteFolder(staging);
        Directory.CreateDirectory(staging);
        foreach (var name in (ReadOnlySpan<string>)["package.json", "package-lock.json", ".npmrc"])
        {
            File.Copy(Path.Combine(Sources, name), Path.Combine(staging, name));
        }

        await InstallAsync(staging, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(staging, Marker), "", cancellationToken);
        DeleteFolder(folder);
        Directory.Move(staging, folder);
        return entry;
    }

    private static async Task InstallAsync(string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo
        {
            FileName = OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "ci", "--no-audit", "--no-fund", "--omit=dev", "--ignore-scripts", "--loglevel=error" },
        };
        using var npm = StartOrExplain(start, "npm");
        npm.StandardInput.Close();
        try
        {
            var output = npm.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = await npm.StandardError.ReadToEndAsync(cancellationToken);
            await output;
            await npm.WaitForExitAsync(cancellationToken);
            if (npm.ExitCode != 0)
            {
                var reason = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
                throw new AzuriteException($"npm could not install Azurite (exit code {npm.ExitCode}): {reason ?? "no reason given"}");
            }
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Starts a tool of Node's, or says in one line that Node is missing.</summary>
    public static Process StartOrExplain(ProcessStartInfo start, string tool)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new AzuriteException(
                $"'{tool}' was not found: local storage runs on Azurite, which needs Node.js 20 or later with npm on the PATH.",
                exception);
        }
    }

    private static string DefaultFolder()
    {
        var lockFile = File.ReadAllBytes(Path.Combine(Sources, "package-lock.json"));
        var name = "azurite-" + Convert.ToHexStringLower(SHA256.HashData(lockFile))[..8];
        var cache = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given
                ? given
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "serverless940", name);
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
