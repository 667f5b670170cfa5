using Microsoft.Data.Sqlite;

namespace Serverless940.Local.ServiceBus;

/// <summary>What a stored message is, as kept on disk.</summary>
internal enum RowState
{
    Active = 0,
    Scheduled = 1,
    Deferred = 2,
    DeadLettered = 3,
    DeadLetteredDeferred = 4,

    /// <summary>Consumed; only its message id still counts, until the duplicate window is over.</summary>
    Done = 5,
}

/// <summary>A message's row without its payload.</summary>
internal readonly record struct MessageRow(
    long Id, int Entity, RowState State, int Deliveries, long Accepted, long Enqueued, long Expires, string? MessageId, string? SessionId);

/// <summary>
/// The bus's file: one connection, used by one thread at a time, locked against other processes.
/// There is no index beside the row id; what is looked up otherwise is kept in memory and read once at the start.
/// </summary>
internal sealed class BusDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _full;
    private readonly SqliteCommand _normal;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _deliveries;
    private readonly SqliteCommand _state;
    private readonly SqliteCommand _done;
    private readonly SqliteCommand _activate;
    private readonly SqliteCommand _rewrite;
    private readonly SqliteCommand _payload;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _raw;
    private readonly SqliteCommand _reserve;
    private readonly List<SqliteCommand> _commands = [];
    private bool _durable = true;

    public BusDatabase(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file));
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
        }

        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 2 }.ToString());
        try
        {
            _connection.Open();
            Execute("PRAGMA locking_mode=EXCLUSIVE");
            Execute("PRAGMA journal_mode=WAL");
            Execute("PRAGMA synchronous=FULL");
            Execute("PRAGMA wal_autocheckpoint=4000");
            Execute("PRAGMA temp_store=MEMORY");
            Execute("""
                CREATE TABLE IF NOT EXISTS entity (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
                CREATE TABLE IF NOT EXISTS message (
                  id INTEGER PRIMARY KEY, entity INTEGER NOT NULL, state INTEGER NOT NULL, deliveries INTEGER NOT NULL,
                  accepted INTEGER NOT NULL, enqueued INTEGER NOT NULL, expires INTEGER NOT NULL,
                  message_id TEXT, session_id TEXT, payload BLOB);
                CREATE TABLE IF NOT EXISTS session (
                  entity INTEGER NOT NULL, session_id TEXT NOT NULL, state BLOB NOT NULL, PRIMARY KEY (entity, session_id)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS reserved (one INTEGER PRIMARY KEY, next INTEGER NOT NULL);
                CREATE TABLE IF NOT EXISTS raw (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
                INSERT OR IGNORE INTO reserved (one, next) VALUES (1, 1);
                """);
            _begin = Prepare("BEGIN IMMEDIATE");
            _commit = Prepare("COMMIT");
            _full = Prepare("PRAGMA synchronous=FULL");
            _normal = Prepare("PRAGMA synchronous=NORMAL");
            _insert = Prepare(
                "INSERT INTO message (id, entity, state, deliveries, accepted, enqueued, expires, message_id, session_id, payload) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)", 10);
            _deliveries = Prepare("UPDATE message SET deliveries = $1 WHERE id = $0", 2);
            _state = Prepare("UPDATE message SET state = $1 WHERE id = $0", 2);
            _done = Prepare("UPDATE message SET state = 5, payload = NULL, session_id = NULL WHERE id = $0", 1);
            _activate = Prepare("UPDATE message SET id = $1, state = 0, enqueued = $2, expires = $3 WHERE id = $0", 4);
            _rewrite = Prepare("UPDATE message SET state = $1, payload = $2 WHERE id = $0", 3);
            _payload = Prepare("SELECT payload FROM message WHERE id = $0", 1);
            _delete = Prepare("DELETE FROM message WHERE id = $0", 1);
            _raw = Prepare("INSERT INTO raw (bytes) VALUES ($0)", 1);
            _reserve = Prepare("UPDATE reserved SET next = $0 WHERE one = 1", 1);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens a transaction. A transaction that is not <paramref name="durable"/> survives the death of the process,
    /// and the loss of power only once a later durable one has been committed.
    /// </summary>
    public void Begin(bool durable)
    {
        if (durable != _durable)
        {
            (durable ? _full : _normal).ExecuteNonQuery();
            _durable = durable;
        }

        _begin.ExecuteNonQuery();
    }

    public void Commit() => _commit.ExecuteNonQuery();

    public void Rollback()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // The failure that brought us here has rolled back already.
        }
    }

    public void Insert(in MessageRow row, byte[]? payload)
    {
        var p = _insert.Parameters;
        p[0].Value = row.Id;
        p[1].Value = row.Entity;
        p[2].Value = (int)row.State;
        p[3].Value = row.Deliveries;
        p[4].Value = row.Accepted;
        p[5].Value = row.Enqueued;
        p[6].Value = row.Expires;
        p[7].Value = (object?)row.MessageId ?? DBNull.Value;
        p[8].Value = (object?)row.SessionId ?? DBNull.Value;
        p[9].Value = (object?)payload ?? DBNull.Value;
        _insert.ExecuteNonQuery();
        p[9].Value = DBNull.Value;
    }

    public void SetDeliveries(long id, int deliveries) => Run(_deliveries, id, deliveries);

    public void SetState(long id, RowState state) => Run(_state, id, (int)state);

    public void MarkDone(long id) => Run(_done, id);

    public void Activate(long id, long newId, long enqueued, long expires) => Run(_activate, id, newId, enqueued, expires);

    public void Rewrite(long id, RowState state, byte[] payload) => Run(_rewrite, id, (int)state, payload);

    public void Delete(long id) => Run(_delete, id);

    public void InsertRaw(byte[] bytes)
    {
        _raw.Parameters[0].Value = bytes;
        _raw.ExecuteNonQuery();
    }

    /// <summary>The payload of a row that exists.</summary>
    public byte[] ReadPayload(long id) => TryReadPayload(id) ?? throw new InvalidOperationException($"Message {id} has no payload.");

    public byte[]? TryReadPayload(long id)
    {
        _payload.Parameters[0].Value = id;
        return _payload.ExecuteScalar() as byte[];
    }

    public void Reserve(long next) => Run(_reserve, next);

    public void AddEntity(int id, string name)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "INSERT INTO entity (id, name) VALUES ($0, $1)";
        command.Parameters.AddWithValue("$0", id);
        command.Parameters.AddWithValue("$1", name);
        command.ExecuteNonQuery();
    }

    public byte[]? ReadSession(int entity, string sessionId)
    {
        using var command = Session("SELECT state FROM session WHERE entity = $0 AND session_id = $1", entity, sessionId);
        return command.ExecuteScalar() as byte[];
    }

    public void WriteSession(int entity, string sessionId, byte[]? state)
    {
        using var command = Session(
            state is null
                ? "DELETE FROM session WHERE entity = $0 AND session_id = $1"
                : "INSERT INTO session (entity, session_id, state) VALUES ($0, $1, $2) ON CONFLICT DO UPDATE SET state = $2",
            entity,
            sessionId);
        if (state is not null)
        {
            command.Parameters.AddWithValue("$2", state);
        }

        command.ExecuteNonQuery();
    }

    public long ReadReserved()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT max((SELECT next FROM reserved), (SELECT coalesce(max(id), 0) + 1 FROM message))";
        return (long)command.ExecuteScalar()!;
    }

    public IEnumerable<(int Id, string Name)> ReadEntities()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT id, name FROM entity";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return (reader.GetInt32(0), reader.GetString(1));
        }
    }

    /// <summary>Every row in the order of its number; the payloads stay on disk.</summary>
    public IEnumerable<MessageRow> ReadMessages()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT id, entity, state, deliveries, accepted, enqueued, expires, message_id, session_id FROM message ORDER BY id";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new MessageRow(
                reader.GetInt64(0),
                reader.GetInt32(1),
                (RowState)reader.GetInt32(2),
                reader.GetInt32(3),
                reader.GetInt64(4),
                reader.GetInt64(5),
                reader.GetInt64(6),
                reader.IsDBNull(7) ? null : reader.GetString(7),
                reader.IsDBNull(8) ? null : reader.GetString(8));
        }
    }

    public void Dispose()
    {
        foreach (var command in _commands)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private static void Run(SqliteCommand command, object a)
    {
        command.Parameters[0].Value = a;
        command.ExecuteNonQuery();
    }

    private static void Run(SqliteCommand command, object a, object b)
    {
        command.Parameters[1].Value = b;
        Run(command, a);
    }

    private static void Run(SqliteCommand command, object a, object b, object c)
    {
        command.Parameters[2].Value = c;
        Run(command, a, b);
    }

    private static void Run(SqliteCommand command, object a, object b, object c, object d)
    {
        command.Parameters[3].Value = d;
        Run(command, a, b, c);
    }

#pragma warning disable CA2100 // every text is a constant of this class
    private SqliteCommand Session(string sql, int entity, string sessionId)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$0", entity);
        command.Parameters.AddWithValue("$1", sessionId);
        return command;
    }

    private SqliteCommand Prepare(string sql, int parameters = 0)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter("$" + (char)('0' + i), DBNull.Value));
        }

        _commands.Add(command);
        return command;
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
#pragma warning restore CA2100
}
