using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Serverless940.Local.Azurite;

/// <summary>What <c>azurite.json</c> in the data folder remembers.</summary>
internal sealed record AzuriteState(int ProcessId, int BlobPort, int QueuePort, int TablePort, bool InMemory, string Accounts)
{
    public const string FileName = "azurite.json";

    /// <summary>Reads what was remembered; an unreadable file counts as none.</summary>
    public static AzuriteState? Read(string dataFolder)
    {
        try
        {
            return JsonSerializer.Deserialize<AzuriteState>(File.ReadAllBytes(Path.Combine(dataFolder, FileName)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(string dataFolder)
    {
        var file = Path.Combine(dataFolder, FileName);
        var temporary = file + ".new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(this));
        File.Move(temporary, file, overwrite: true);
    }

    /// <summary>Whether a living process started with these options may be adopted.</summary>
    public bool Serves(AzuriteOptions options) =>
        ProcessId > 0 && InMemory == options.InMemory && Accounts == Fingerprint(options.AccountsEnv);

    /// <summary>Tells account lists apart without keeping their keys.</summary>
    public static string Fingerprint(string? accounts) =>
        accounts is null ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(accounts)))[..16];
}
