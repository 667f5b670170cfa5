using System.Globalization;

namespace Serverless940.Local;

/// <summary>
/// Business time on one machine: real time plus an offset that only grows. The offset is kept in the data folder,
/// so that a second run goes on where the first one was. Timers and stamps of this provider stay on real time;
/// whoever waits for business time asks <see cref="WaitUntilAsync"/>.
/// </summary>
public sealed class LocalClock : TimeProvider
{
    private readonly string? _file;
    private readonly Lock _gate = new();
    private long _offsetTicks;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LocalClock(string? dataFolder = null)
    {
        if (dataFolder is null)
        {
            return;
        }

        Directory.CreateDirectory(dataFolder);
        _file = Path.Combine(dataFolder, "clock.txt");
        if (File.Exists(_file))
        {
            _offsetTicks = long.Parse(File.ReadAllText(_file), CultureInfo.InvariantCulture);
        }
    }

    /// <summary>How far business time is ahead of real time.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

    /// <summary>Moves business time forward to <paramref name="instant"/>; an instant in the past changes nothing.</summary>
    public void AdvanceTo(DateTimeOffset instant)
    {
        TaskCompletionSource moved;
        lock (_gate)
        {
            var offset = (instant - System.GetUtcNow()).Ticks;
            if (offset <= _offsetTicks)
            {
                return;
            }

            Interlocked.Exchange(ref _offsetTicks, offset);
            if (_file is not null)
            {
                var temporary = _file + ".new";
                File.WriteAllText(temporary, offset.ToString(CultureInfo.InvariantCulture));
                File.Move(temporary, _file, overwrite: true);
            }

            moved = _moved;
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        moved.SetResult();
    }

    /// <summary>Completes when business time has reached <paramref name="instant"/>, by waiting or by a jump.</summary>
    public async Task WaitUntilAsync(DateTimeOffset instant, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                moved = _moved.Task;
            }

            var left = instant - GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            var limit = TimeSpan.FromHours(1);
            await Task.WhenAny(moved, Task.Delay(left < limit ? left : limit, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
