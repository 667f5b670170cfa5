namespace Serverless940.Local.Simulators;

/// <summary>The app's settings as the simulators see them, by the name they have in the environment.</summary>
internal sealed class AppSettings(LocalHostContext context)
{
    internal string? this[string name]
    {
        get
        {
            var value = context.GetSetting(name) ?? context.GetSetting(name.Replace("__", ":", StringComparison.Ordinal));
            return string.IsNullOrWhiteSpace(value) ? null : value;
        }
    }

    internal void Set(string name, string value) => context.SetSetting(name, value);

    /// <summary>
    /// Points a setting at a simulator, unless somebody has written a real address there: whoever wants to talk to a
    /// provider from a local run may.
    /// </summary>
    internal void PointAt(string name, string address)
    {
        if (this[name] is not { } value || !Uri.TryCreate(value, UriKind.Absolute, out var uri) || !uri.Scheme.StartsWith("http", StringComparison.Ordinal))
        {
            Set(name, address);
        }
    }
}
