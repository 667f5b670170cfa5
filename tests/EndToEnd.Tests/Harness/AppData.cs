using System.Diagnostics;
using System.Text.Json;

namespace Serverless940.EndToEnd.Tests.Harness;

/// <summary>A data folder in the temporary directory. At the end its Azurite ends with it, whatever became of the app.</summary>
internal sealed class AppData : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("serverless940-e2e-").FullName;

    /// <param name="name">The data folder inside the temporary one, which may then hold other files beside it.</param>
    public AppData(string name = "")
    {
        Folder = Path.Combine(_root, name);
        // The last resort when the test run itself is stopped.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    public string Folder { get; }

    /// <summary>The temporary folder that holds everything.</summary>
    public string Root => _root;

    /// <summary>The Azurite that this folder remembers, or <see langword="null"/>.</summary>
    public int? AzuriteProcessId
    {
        get
        {
            var file = Path.Combine(Folder, "azurite.json");
            if (!File.Exists(file))
            {
                return null;
            }

            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            return json.RootElement.GetProperty("processId").GetInt32();
        }
    }

    public bool AzuriteLives => AzuriteProcessId is { } id && ProcessSignals.IsAlive(id);

    public void Dispose()
    {
        if (!Directory.Exists(_root))
        {
            return;
        }

        if (AzuriteLives)
        {
            using var azurite = Process.GetProcessById(AzuriteProcessId!.Value);
            azurite.Kill();
            azurite.WaitForExit(TimeSpan.FromSeconds(10));
        }

        Directory.Delete(_root, recursive: true);
    }
}
