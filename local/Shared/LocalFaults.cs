using System.Collections.Concurrent;

namespace Serverless940.Local;

/// <summary>A dependency that can be broken on one machine.</summary>
public enum FaultTarget
{
    Sms,
    Tables,
    Bus,
    Blobs,
}

/// <summary>How a broken dependency behaves: refuses the connection, takes two seconds longer, or answers 503.</summary>
public enum FaultMode
{
    Down,
    Slow,
    Error,
}

/// <summary>Which dependencies are broken now, and until when in real time.</summary>
public sealed class LocalFaults
{
    private readonly ConcurrentDictionary<FaultTarget, (FaultMode Mode, DateTimeOffset Until)> _faults = new();

    public void Set(FaultTarget target, FaultMode mode, TimeSpan duration) =>
        _faults[target] = (mode, DateTimeOffset.UtcNow + duration);

    public void Clear(FaultTarget target) => _faults.TryRemove(target, out _);

    /// <summary>The fault in force for <paramref name="target"/>, or <see langword="null"/>.</summary>
    public FaultMode? Current(FaultTarget target) =>
        _faults.TryGetValue(target, out var fault) && fault.Until > DateTimeOffset.UtcNow ? fault.Mode : null;
}
