using Serverless940.Functions.Platform.Bus;

namespace Serverless940.Functions.Tests.Platform;

public sealed class WaitingLineTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_empty_line_lets_everybody_pass_and_keeps_nothing()
    {
        Assert.False(WaitingLine.Empty.MustWait("a"));
        Assert.Null(WaitingLine.Empty.Write());
        Assert.Same(WaitingLine.Empty, WaitingLine.Read(null));
        Assert.Same(WaitingLine.Empty, WaitingLine.Read(BinaryData.FromBytes(ReadOnlyMemory<byte>.Empty)));
    }

    [Fact]
    public void Only_the_head_passes_and_the_others_keep_their_order()
    {
        var line = WaitingLine.Empty.AsHead("a", Now.AddSeconds(5)).Joined("b").Joined("c").Joined("b");
        Assert.Equal(["a", "b", "c"], line.Waiting);
        Assert.False(line.MustWait("a"));
        Assert.True(line.MustWait("b"));
        Assert.True(line.MustWait("new"));
        Assert.Equal(Now.AddSeconds(6), line.DueBehindHead("b", 1, Now));
        Assert.Equal(Now.AddSeconds(7), line.DueBehindHead("c", 1, Now));

        var after = line.Without("a", Now.AddSeconds(5));
        Assert.Equal(["b", "c"], after.Waiting);
        Assert.False(after.MustWait("b"));
        Assert.True(after.MustWait("c"));
    }

    [Fact]
    public void A_head_that_fails_again_stays_the_head()
    {
        var line = WaitingLine.Empty.AsHead("a", Now).Joined("b").AsHead("a", Now.AddMinutes(1));
        Assert.Equal(["a", "b"], line.Waiting);
        Assert.Equal(Now.AddMinutes(1), line.HeadDue);
    }

    [Fact]
    public void What_lay_in_the_queue_while_the_app_slept_does_not_pass_the_head()
    {
        var line = WaitingLine.Empty.AsHead("a", Now).Joined("b");
        // Enqueued before the head was due, delivered whenever: the head is still behind it in the queue.
        Assert.Same(line, line.WithoutLostHead("b", Now.AddMinutes(-1), Now.AddDays(1)));
        Assert.Same(line, line.WithoutLostHead("b", Now.AddMinutes(29), Now.AddDays(1)));
        Assert.Same(line, line.WithoutLostHead("a", Now.AddDays(1), Now.AddDays(1)));
    }

    [Fact]
    public void A_head_that_was_purged_holds_its_session_for_a_while_only()
    {
        var line = WaitingLine.Empty.AsHead("a", Now).Joined("b").Joined("c");
        var late = Now.AddMinutes(31);
        var seenByNext = line.WithoutLostHead("b", late, late);
        Assert.False(seenByNext.MustWait("b"));
        Assert.Equal(["c"], seenByNext.Without("b", late).Waiting);

        // Whoever finds it out, the next in line is the next.
        var seenByLast = line.WithoutLostHead("c", late, late);
        Assert.True(seenByLast.MustWait("c"));
        Assert.Equal(["b", "c"], seenByLast.Waiting);
        Assert.Equal(late, seenByLast.HeadDue);
        Assert.Equal(["c"], seenByLast.WithoutLostHead("c", late.AddMinutes(31), late.AddMinutes(31)).Waiting);
    }

    [Fact]
    public void Those_behind_a_late_head_ask_more_and_more_seldom()
    {
        var line = WaitingLine.Empty.AsHead("a", Now).Joined("b");
        Assert.Equal(Now.AddSeconds(3), line.DueBehindHead("b", 1, Now));
        Assert.Equal(Now.AddSeconds(9), line.DueBehindHead("b", 3, Now));
        Assert.Equal(Now.AddSeconds(61), line.DueBehindHead("b", 30, Now));
    }

    [Fact]
    public void A_line_survives_its_bytes()
    {
        var line = WaitingLine.Empty.AsHead("a", Now).Joined("b");
        var read = WaitingLine.Read(line.Write());
        Assert.Equal(line.Waiting, read.Waiting);
        Assert.Equal(line.HeadDue, read.HeadDue);
    }

    [Fact]
    public void Whatever_fails_and_whenever_the_process_dies_a_session_is_handled_in_order()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var session = new SimulatedSession(seed);
            session.Live(200);
            session.Recover();
            Assert.True(session.Sent.SequenceEqual(session.Handled), $"seed {seed}: {string.Join(',', session.Handled)}");
        }
    }

    [Fact]
    public void What_an_operator_purges_is_missing_and_the_rest_is_in_order()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var session = new SimulatedSession(seed) { Purges = true };
            session.Live(200);
            session.Recover();
            Assert.True(
                session.Sent.Where(key => !session.Purged.Contains(key) || session.Handled.Contains(key)).SequenceEqual(session.Handled),
                $"seed {seed}: {string.Join(',', session.Handled)} without {string.Join(',', session.Purged)}");
        }
    }

    /// <summary>One session of a queue as the broker keeps it, and the pump's steps around the line, each of which may be the last.</summary>
    private sealed class SimulatedSession(int seed)
    {
        private static readonly TimeSpan FarAway = TimeSpan.FromHours(3);

#pragma warning disable CA5394 // a seed makes it repeatable
        private readonly Random _random = new(seed);
#pragma warning restore CA5394
        private readonly List<(string Key, int Attempt, DateTimeOffset Enqueued)> _queue = [];
        private readonly PriorityQueue<(string Key, int Attempt), (DateTimeOffset Due, int Order)> _scheduled = new();
        private readonly HashSet<string> _ids = [];
        private readonly HashSet<string> _done = [];
        private BinaryData? _state;
        private DateTimeOffset _now = Now;
        private int _order;
        private bool _fails;
        private bool _dies = true;

        public List<string> Sent { get; } = [];

        public List<string> Handled { get; } = [];

        public HashSet<string> Purged { get; } = [];

        public bool Purges { get; init; }

        public void Live(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                switch (Roll(10))
                {
                    case 0 or 1:
                        Send();
                        break;
                    case 2 or 3:
                        Pass(TimeSpan.FromSeconds(Roll(90)));
                        break;
                    case 4 when Roll(4) == 0:
                        // The app sleeps, the broker does not.
                        Pass(TimeSpan.FromMinutes(Roll((int)FarAway.TotalMinutes)));
                        break;
                    case 5:
                        _fails = Roll(3) == 0;
                        break;
                    case 6 when Purges && Roll(5) == 0 && _scheduled.TryPeek(out _, out _):
                        Purged.Add(_scheduled.Dequeue().Key);
                        break;
                    default:
                        Deliver();
                        break;
                }
            }
        }

        /// <summary>Nothing fails any more: all that is left is handled.</summary>
        public void Recover()
        {
            (_fails, _dies) = (false, false);
            for (var step = 0; _queue.Count + _scheduled.Count > 0; step++)
            {
                Assert.True(step < 10_000, $"seed {seed}: the line never ends");
                if (_queue.Count > 0)
                {
                    Deliver();
                }
                else
                {
                    _scheduled.TryPeek(out _, out var next);
                    Pass(next.Due - _now);
                }
            }
        }

        private void Send()
        {
            var key = $"m{Sent.Count}";
            Sent.Add(key);
            _queue.Add((key, 0, _now));
        }

        private void Pass(TimeSpan by)
        {
            _now += by;
            while (_scheduled.TryPeek(out var message, out var when) && when.Due <= _now)
            {
                _scheduled.Dequeue();
                _queue.Add((message.Key, message.Attempt, when.Due));
            }
        }

        private void Deliver()
        {
            if (_queue.Count == 0)
            {
                return;
            }

            var (key, attempt, enqueued) = _queue[0];
            var stored = WaitingLine.Read(_state);
            var line = stored.WithoutLostHead(key, enqueued, _now);
            if (line.MustWait(key))
            {
                var joined = line.Joined(key);
                Schedule(key, attempt + 1, joined.DueBehindHead(key, attempt + 1, _now));
                if (!Dies())
                {
                    _state = joined.Write();
                    Complete();
                }
            }
            else if (_fails && Roll(4) > 0)
            {
                var due = _now + TimeSpan.FromSeconds(Math.Min(5 * Math.Pow(2, attempt), 900) * (0.8 + (Roll(40) / 100.0)));
                Schedule(key, attempt + 1, due);
                if (!Dies())
                {
                    _state = line.AsHead(key, due).Write();
                    Complete();
                }
            }
            else
            {
                Handle(key, stored, line);
            }
        }

        private void Handle(string key, WaitingLine stored, WaitingLine line)
        {
            // The inbox: a second delivery does nothing.
            if (_done.Add(key))
            {
                Handled.Add(key);
            }

            if (Dies())
            {
                return;
            }

            if (stored.Waiting.Count > 0)
            {
                _state = line.Without(key, _now).Write();
            }

            Complete();
        }

        private void Complete()
        {
            if (!Dies())
            {
                _queue.RemoveAt(0);
            }
        }

        private void Schedule(string key, int attempt, DateTimeOffset due)
        {
            // The broker drops an id that it knows.
            if (_ids.Add($"{key}~{attempt}"))
            {
                _scheduled.Enqueue((key, attempt), (due, _order++));
            }
        }

        private bool Dies() => _dies && Roll(6) == 0;

#pragma warning disable CA5394
        private int Roll(int sides) => _random.Next(sides);
#pragma warning restore CA5394
    }
}
