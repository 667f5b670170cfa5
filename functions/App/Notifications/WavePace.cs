using Azure;
using Azure.Data.Tables;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Settings;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Notifications;

/// <summary>
/// Hands out turns to the texts of waves, evenly, for all instances together: one row holds the next free turn. However many
/// there are, they take no more of the sender number's minute than their share. Operations: one read, one write a turn.
/// </summary>
public sealed class WavePace(TableServiceClient tables, SmsSettings settings) : IDisposable
{
    private const int Tries = 5;

    private readonly TableClient _table = tables.GetTableClient(Names.Tables.Notifications);
    private readonly TimeSpan _interval = TimeSpan.FromMinutes(1) / settings.WavesPerMinute;

    // One taker an instance at a time: only instances meet at the row.
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The next free turn, from now on.</summary>
    /// <exception cref="TransientFailureException">Other instances were faster, again and again.</exception>
    public async Task<DateTimeOffset> TakeTurnAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 0; attempt < Tries; attempt++)
            {
                if (await TryTakeAsync(now, cancellationToken) is { } turn)
                {
                    return turn;
                }
            }
        }
        finally
        {
            _gate.Release();
        }

        throw new TransientFailureException("other texts took the turn");
    }

    public void Dispose() => _gate.Dispose();

    private async Task<DateTimeOffset?> TryTakeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Keys.Pace, Keys.NextTurn, cancellationToken: cancellationToken);
        var turn = found.HasValue && found.Value!.GetDateTimeOffset("At") is { } free && free > now ? free : now;
        var entity = new TableEntity(Keys.Pace, Keys.NextTurn) { ["At"] = turn + _interval };
        try
        {
            await (found.HasValue
                ? _table.UpdateEntityAsync(entity, found.Value!.ETag, TableUpdateMode.Replace, cancellationToken)
                : _table.AddEntityAsync(entity, cancellationToken));
            return turn;
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            return null;
        }
    }
}
