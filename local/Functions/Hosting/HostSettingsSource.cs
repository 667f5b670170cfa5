using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace Serverless940.Local.Functions;

/// <summary>
/// Settings the host itself sets, above all others. A value may still be on its way (Azurite's ports): whoever reads it
/// first waits for it, so that the rest of the start need not.
/// </summary>
internal sealed class HostSettingsSource : ConfigurationProvider, IConfigurationSource
{
    private readonly ConcurrentDictionary<string, Task<string>> _pending = new(StringComparer.OrdinalIgnoreCase);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public void SetPending(string key, Task<string> value)
    {
        Data[key] = null;
        _pending[key] = value;
    }

    public override void Set(string key, string? value)
    {
        _pending.TryRemove(key, out _);
        base.Set(key.Replace("__", ":", StringComparison.Ordinal), value);
    }

    public override bool TryGet(string key, out string? value)
    {
        if (_pending.TryGetValue(key, out var pending))
        {
            value = pending.GetAwaiter().GetResult();
            return true;
        }

        return base.TryGet(key, out value);
    }
}
