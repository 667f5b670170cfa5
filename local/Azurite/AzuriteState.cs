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
            // Read and written by hand: the serializer's warm-up would be most of the time that adopting takes.
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(dataFolder, FileName)));
            var root = document.RootElement;
            return new AzuriteState(
                root.GetProperty("processId").GetInt32(),
                root.GetProperty("blobPort").GetInt32(),
                root.GetProperty("queuePort").GetInt32(),
                root.GetProperty("tablePort").GetInt32(),
                root.GetProperty("inMemory").GetBoolean(),
                root.GetProperty("accounts").GetString()!);
        }
        catch (Exception exception) when (exception is
            IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    public void Write(string dataFolder)
    {
        var file = Path.Combine(dataFolder, FileName);
        var temporary = file + ".new";
        using (var stream = File.Create(temporary))
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("processId", ProcessId);
            json.WriteNumber("blobPort", BlobPort);
            json.WriteNumber("queuePort", QueuePort);
            json.WriteNumber("tablePort", TablePort);
            json.WriteBoolean("inMemory", InMemory);
            json.WriteString("accounts", Accounts);
            json.WriteEndObject();
        }

        File.Move(temporary, file, overwrite: true);
    }

    /// <summary>Whether a living process started with these options may be adopted.</summary>
    public bool Serves(AzuriteOptions options) =>
        ProcessId > 0 && InMemory == options.InMemory && Accounts == Fingerprint(options.AccountsEnv);

    /// <summary>Tells account lists apart without keeping their keys.</summary>
    public static string Fingerprint(string? accounts) =>
        accounts is null ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(accounts)))[..16];
}
