using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Serverless940.Local.Functions;

/// <summary>The keys of this data folder's host: generated once, kept in <c>keys.json</c>.</summary>
public sealed class HostKeys
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private HostKeys(string master, string function)
    {
        Master = master;
        Function = function;
    }

    /// <summary>Opens everything, <c>/admin</c> included.</summary>
    public string Master { get; }

    /// <summary>The default host key: opens every function of level Function.</summary>
    public string Function { get; }

    internal static HostKeys Load(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "keys.json");
        if (File.Exists(path))
        {
            var file = JsonSerializer.Deserialize<KeysFile>(File.ReadAllText(path), Indented);
            return file is { MasterKey.Length: > 0, FunctionKeys: not null } && file.FunctionKeys.TryGetValue("default", out var key) && key.Length > 0
                ? new HostKeys(file.MasterKey, key)
                : throw new LocalHostException($"{path} holds no masterKey and functionKeys.default; delete it and new ones are made.");
        }

        var keys = new HostKeys(NewKey(), NewKey());
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        JsonSerializer.Serialize(stream, new KeysFile(keys.Master, new() { ["default"] = keys.Function }), Indented);
        return keys;
    }

    /// <summary>The level that the request's key opens; the header wins over the query.</summary>
    internal AuthorizationLevel LevelOf(HttpRequest request)
    {
        string? given = null;
        if (request.Headers.TryGetValue("x-functions-key", out var header))
        {
            given = header[0];
        }
        else if (request.Query.TryGetValue("code", out var code))
        {
            given = code[0];
        }

        if (string.IsNullOrEmpty(given))
        {
            return AuthorizationLevel.Anonymous;
        }

        // Both are compared whatever the first says, so that time tells nothing.
        var master = Same(given, Master);
        var function = Same(given, Function);
        return master ? AuthorizationLevel.Admin : function ? AuthorizationLevel.Function : AuthorizationLevel.Anonymous;
    }

    internal static bool Opens(AuthorizationLevel held, AuthorizationLevel needed) =>
        needed == AuthorizationLevel.Anonymous || held == AuthorizationLevel.Admin || held == needed;

    private static bool Same(string given, string key) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(key));

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(42)).Replace('+', '-').Replace('/', '_');

    private sealed record KeysFile(string MasterKey, Dictionary<string, string> FunctionKeys);
}
