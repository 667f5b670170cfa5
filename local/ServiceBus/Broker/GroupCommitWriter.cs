namespace Serverless940.Local.ServiceBus;

/// <summary>One change to the bus's file: applied in order, acknowledged after its transaction is committed.</summary>
internal sealed class WriteWork(Action<BusDatabase> apply, bool durable)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Action<BusDatabase> Apply { get; } = apply;

    /// <summary>Whether the change must survive a loss of power before it is acknowledged.</summary>
    public bool Durable { get; } = durable;

    /// <summary>Whether it shares its transaction, and its flush, with nothing else.</summary>
    public bool Alone { get; init; }

    /// <summary>Runs under the broker's gate once the change is committed, before anyone is told.</summary>
    public Action? Committed { get; init; }

    public Task Done => _done.Task;

    public void Succeed() => _done.TrySetResult();

    public void Fail(Exception exception)
    {
        _done.TrySetException(exception);

        // Some changes have no waiter; their failure is seen by whoever calls next.
        _ = _done.Task.Exception;
    }
}

/// <summary>
/// The only writer of the file. Whatever queued up while one transaction was being flushed is committed by the
/// next one, so that many senders share a flush.
/// </summary>
internal sealed class GroupCommitWriter
{
    private const int LargestGroup = 2048;

    private readonly BusDatabase _database;
    private readonly Lock _brokerGate;
    private readonly Action<Exception> _failed;
    private readonly Action _settled;
    private readonly object _queueGate = new();
    private readonly Thread _thread;
    private List<WriteWork> _queue = [];
    private bool _stopping;
    private Exception? _refusal;

    /// <param name="database">The file, owned by this writer from here on.</param>
    /// <param name="brokerGate">Held while committed changes become visible.</param>
    /// <param name="settled">Called under the gate after each group.</param>
    /// <param name="failed">Called when the file cannot be written any more.</param>
    public GroupCommitWriter(BusDatabase database, Lock brokerGate, Action settled, Action<Exception> failed)
    {
        _database = database;
        _brokerGate = brokerGate;
        _settled = settled;
        _failed = failed;
        _thread = new Thread(Run) { IsBackground = true, Name = "local bus writer" };
        _thread.Start();
    }

    public void Enqueue(WriteWork work)
    {
        lock (_queueGate)
        {
            if (_refusal is null && !_stopping)
            {
                _queue.Add(work);
                if (_queue.Count == 1)
                {
                    Monitor.Pulse(_queueGate);
                }

                return;
            }
        }

        work.Fail(_refusal ?? LocalBroker.Gone());
    }

    /// <summary>Writes what is queued, then closes the file.</summary>
    public void Close() => Stop(null);

    /// <summary>Drops what is queued and closes the file.</summary>
    public void Abort(Exception refusal) => Stop(refusal);

    private void Stop(Exception? refusal)
    {
        lock (_queueGate)
        {
            _stopping = true;
            _refusal ??= refusal;
            Monitor.Pulse(_queueGate);
        }

        _thread.Join();
    }

    private void Run()
    {
        var group = new List<WriteWork>();
        while (Next(ref group))
        {
            try
            {
                Write(group);
            }
            catch (Exception exception)
            {
                // The memory is ahead of a file that takes no more: refuse everything rather than forget something.
                _database.Rollback();
                lock (_queueGate)
                {
                    _refusal ??= exception;
                    group.AddRange(_queue);
                    _queue.Clear();
                }

                _failed(exception);
                foreach (var work in group)
                {
                    work.Fail(exception);
                }
            }

            group.Clear();
        }

        _database.Dispose();
    }

    private void Write(List<WriteWork> group)
    {
        for (int start = 0, end; start < group.Count; start = end)
        {
            end = EndOf(group, start);
            var durable = false;
            for (var i = start; i < end; i++)
            {
                durable |= group[i].Durable;
            }

            _database.Begin(durable);
            for (var i = start; i < end; i++)
            {
                group[i].Apply(_database);
            }

            _database.Commit();
            lock (_brokerGate)
            {
                for (var i = start; i < end; i++)
                {
                    group[i].Committed?.Invoke();
                }

                _settled();
            }

            for (var i = start; i < end; i++)
            {
                group[i].Succeed();
            }
        }
    }

    private static int EndOf(List<WriteWork> group, int start)
    {
        var end = start + 1;
        if (!group[start].Alone)
        {
            while (end < group.Count && end - start < LargestGroup && !group[end].Alone)
            {
                end++;
            }
        }

        return end;
    }

    private bool Next(ref List<WriteWork> group)
    {
        List<WriteWork>? dropped = null;
        lock (_queueGate)
        {
            while (_queue.Count == 0 && !_stopping)
            {
                Monitor.Wait(_queueGate);
            }

            if (_refusal is null)
            {
                (group, _queue) = (_queue, group);
            }
            else
            {
                (dropped, _queue) = (_queue, []);
            }
        }

        if (dropped is not null)
        {
            foreach (var work in dropped)
            {
                work.Fail(_refusal!);
            }
        }

        return group.Count > 0 || !Volatile.Read(ref _stopping);
    }
}
