using System.Collections.Concurrent;

namespace Serverless940.Functions.Platform.Security;

/// <summary>Remembers which service last refused us, and the role that it wanted: for what cannot be asked without being used.</summary>
public sealed class RefusedPermissions
{
    private readonly ConcurrentDictionary<string, string> _roles = new(StringComparer.Ordinal);

    /// <summary>Services that refused us when they were last used, with the role they want.</summary>
    public IReadOnlyDictionary<string, string> Roles => _roles;

    public void Refused(string service, string role) => _roles[service] = role;

    public void Accepted(string service) => _roles.TryRemove(service, out _);
}
