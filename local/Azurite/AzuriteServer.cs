using System.Diagnostics;
using System.Globalization;

namespace Serverless940.Local.Azurite;

/// <summary>
/// A running Azurite on loopback. It stands for the cloud: it ends with <see cref="StopAsync"/>, but survives the death
/// of the process that started it, and the next start over the same data folder adopts it.
/// </summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    /// <summary>The well-known development account (public by design: it opens nothing but an emulator).</summary>
    public const string DevelopmentAccount = "devstoreaccount1";

    private const string DevelopmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, string> _keys;
    private readonly AzuriteState _state;
    private readonly string _location;
    private readonly Process? _child;

    private AzuriteServer(AzuriteOptions options, AzuriteState state, string location, Process? child, bool adopted)
    {
        _keys = ParseAccounts(options.AccountsEnv);
        _state = state;
        _location = location;
        _child = child;
        Adopted = adopted;
    }

    /// <summary>Whether this start found Azurite living and took it over.</summary>
    public bool Adopted { get; }

    public int ProcessId => _state.ProcessId;

    public int BlobPort => _state.BlobPort;

    public int TablePort => _state.TablePort;

    /// <summary>The accounts it knows, in the order they were given.</summary>
    public IReadOnlyCollection<string> Accounts => _keys.Keys;

    /// <summary>The connection string of the first account.</summary>
    public string ConnectionString => ConnectionStringFor(_keys.Keys.First());

    /// <summary>The connection string of <paramref name="account"/>.</summary>
    /// <exception cref="KeyNotFoundException">No such account was given at the start.</exception>
    public string ConnectionStringFor(string account) => string.Create(
        CultureInfo.InvariantCulture,
        $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={_keys[account]};" +
        $"BlobEndpoint=http://127.0.0.1:{_state.BlobPort}/{account};" +
        $"QueueEndpoint=http://127.0.0.1:{_state.QueuePort}/{account};" +
        $"TableEndpoint=http://127.0.0.1:{_state.TablePort}/{account};");

    /// <summary>
    /// Adopts the Azurite of the data folder or starts one, installing it first where needed; returns when it answers.
    /// </summary>
    /// <param name="log">Takes the few lines worth a user's notice.</param>
    /// <exception cref="AzuriteException">Node is missing, the installation failed, or Azurite did not come up.</exception>
    public static async Task<AzuriteServer> StartAsync(AzuriteOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        var dataFolder = Path.GetFullPath(options.DataFolder);
        var location = Path.Combine(dataFolder, "azurite");
        Directory.CreateDirectory(location);
        using var gate = await FileGate.EnterAsync(Path.Combine(dataFolder, "azurite.lock"), cancellationToken);

        var remembered = AzuriteState.Read(dataFolder);
        if (remembered is not null && AzuriteProcess.IsAzuriteOf(remembered.ProcessId, location))
        {
            if (remembered.Serves(options) && !options.EndsWithCaller && Answers(remembered))
            {
                return new AzuriteServer(options, remembered, location, null, adopted: true);
            }

            await StopProcessAsync(remembered.ProcessId, location, cancellationToken);
        }

        var entry = await AzuriteInstallation.EnsureAsync(options.InstallFolder, log, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var ports = AzuriteProcess.FreePorts(remembered?.BlobPort ?? 0, remembered?.QueuePort ?? 0, remembered?.TablePort ?? 0);
            var (child, processId) = await LaunchAsync(options, entry, location, ports, cancellationToken);
            var state = new AzuriteState(
                processId, ports[0], ports[1], ports[2], options.InMemory, AzuriteState.Fingerprint(options.AccountsEnv));
            state.Write(dataFolder);
            if (await ComesUpAsync(state, location, cancellationToken))
            {
                return new AzuriteServer(options, state, location, child, adopted: false);
            }

            child?.Dispose();
            remembered = null;
            var reason = (await File.ReadAllLinesAsync(LogFile(location), cancellationToken)).LastOrDefault() ?? "it gave no reason";
            if (attempt == 5 || !reason.Contains("EADDRINUSE", StringComparison.Ordinal))
            {
                throw new AzuriteException($"Azurite did not start: {reason} (see {LogFile(location)})");
            }
        }
    }

    /// <summary>Ends Azurite cleanly: it writes what it holds; what has not ended after ten seconds is killed.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await StopProcessAsync(_state.ProcessId, _location, cancellationToken);
        _child?.Dispose();
    }

    /// <summary>Ends Azurite at once, without writing what it holds; for the end of a test process.</summary>
    public void Kill()
    {
        if (AzuriteProcess.IsAzuriteOf(_state.ProcessId, _location))
        {
            AzuriteProcess.Kill(_state.ProcessId);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task StopProcessAsync(int processId, string location, CancellationToken cancellationToken)
    {
        if (!AzuriteProcess.IsAzuriteOf(processId, location))
        {
            return;
        }

        AzuriteProcess.RequestStop(processId);
        var started = Stopwatch.GetTimestamp();
        while (AzuriteProcess.IsAlive(processId))
        {
            if (Stopwatch.GetElapsedTime(started) > StopLimit)
            {
                AzuriteProcess.Kill(processId);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken);
        }
    }

    private static async Task<bool> ComesUpAsync(AzuriteState state, string location, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < StartLimit)
        {
            if (!AzuriteProcess.IsAlive(state.ProcessId))
            {
                return false;
            }

            if (Answers(state))
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(15), cancellationToken);
        }

        await StopProcessAsync(state.ProcessId, location, cancellationToken);
        return false;
    }

    // The table service is the last to listen: when it answers, so do the others.
    private static bool Answers(AzuriteState state) => AzuriteProcess.Answers(state.TablePort);

    private static async Task<(Process? Child, int ProcessId)> LaunchAsync(
        AzuriteOptions options, string entry, string location, int[] ports, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo
        {
            FileName = "node",
            WorkingDirectory = location,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            Path.Combine(AzuriteInstallation.Sources, "launch.cjs"), options.EndsWithCaller ? "attached" : "detached", LogFile(location), entry,
            "--silent", "--disableTelemetry", "--skipApiVersionCheck",
            "--blobHost", "127.0.0.1", "--blobPort", Text(ports[0]),
            "--queueHost", "127.0.0.1", "--queuePort", Text(ports[1]),
            "--tableHost", "127.0.0.1", "--tablePort", Text(ports[2]),
        ];
        string[] persistence = options.InMemory ? ["--inMemoryPersistence"] : ["--location", location];
        foreach (var argument in arguments.Concat(persistence))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("AZURITE_DB");
        start.Environment.Remove("AZURITE_ACCOUNTS");
        if (options.AccountsEnv is not null)
        {
            start.Environment["AZURITE_ACCOUNTS"] = options.AccountsEnv;
        }

        var node = AzuriteInstallation.StartOrExplain(start, "node");
        if (options.EndsWithCaller)
        {
            return (node, node.Id);
        }

        using (node)
        {
            var printed = await node.StandardOutput.ReadToEndAsync(cancellationToken);
            return int.TryParse(printed, CultureInfo.InvariantCulture, out var processId)
                ? (null, processId)
                : throw new AzuriteException($"node could not start Azurite: {FirstLine(await node.StandardError.ReadToEndAsync(cancellationToken))}");
        }
    }

    private static string LogFile(string location) => Path.Combine(location, "azurite.log");

    private static string FirstLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "no reason given";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Dictionary<string, string> ParseAccounts(string? accounts)
    {
        if (accounts is null)
        {
            return new() { [DevelopmentAccount] = DevelopmentKey };
        }

        return accounts.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(account => account.Split(':'))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
    }
}
