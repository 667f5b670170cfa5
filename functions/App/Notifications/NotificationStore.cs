using Azure;
using Azure.Data.Tables;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;

namespace Serverless940.Functions.Notifications;

/// <summary>One notification's row: how far it got.</summary>
public sealed record NotificationRow(DeliveryState State, DateTimeOffset At, string? ProviderId, string? Detail, ETag ETag);

/// <summary>What was sent, to whom in role, and how far it got. The row is the truth; a message is only a nudge.</summary>
public sealed class NotificationStore(TableServiceClient tables)
{
    private readonly TableClient _table = tables.GetTableClient(Names.Tables.Notifications);

    public static string Tag(SendNotification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return notification.Number + "|" + RowKey(notification);
    }

    /// <summary>Number and row key of a tag that we once gave away; <see langword="null"/> for one we did not.</summary>
    public static (string Number, string Row)? ReadTag(string? tag)
    {
        var bar = tag?.IndexOf('|', StringComparison.Ordinal) ?? -1;
        return bar > 0 && Core.Reports.ReportNumber.IsValid(tag![..bar]) && tag.Length < 200 && tag.AsSpan(bar + 1).IndexOfAny("/\\#?") < 0
            ? (tag[..bar], tag[(bar + 1)..])
            : null;
    }

    /// <summary>Takes the right to send, once: one write. <see langword="null"/> when it is taken; else the row that stands there.</summary>
    public async Task<(NotificationRow Row, bool Taken)> BeginAsync(SendNotification notification, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var entity = new TableEntity(notification.Number, RowKey(notification))
        {
            ["State"] = nameof(DeliveryState.Sending),
            ["Medium"] = notification.Medium.ToString(),
            ["Template"] = notification.Template,
            ["At"] = now,
        };
        try
        {
            var response = await _table.AddEntityAsync(entity, cancellationToken);
            return (new NotificationRow(DeliveryState.Sending, now, null, null, response.Headers.ETag ?? ETag.All), true);
        }
        catch (RequestFailedException exception) when (exception.Status == 409)
        {
            return (await FindAsync(notification.Number, RowKey(notification), cancellationToken) ?? throw new Platform.Bus.TransientFailureException("row went away"), false);
        }
    }

    /// <summary>Says that it waits for its turn, once: one write. <see langword="false"/> when a row stands there already.</summary>
    public async Task<bool> WaitAsync(SendNotification notification, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var entity = new TableEntity(notification.Number, RowKey(notification))
        {
            ["State"] = Waiting,
            ["Medium"] = notification.Medium.ToString(),
            ["Template"] = notification.Template,
            ["At"] = now,
        };
        try
        {
            await _table.AddEntityAsync(entity, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status == 409)
        {
            return false;
        }
    }

    /// <summary>Takes the right to send again after a wait; <see langword="false"/> when someone else was faster.</summary>
    public async Task<NotificationRow?> RetakeAsync(SendNotification notification, NotificationRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var entity = new TableEntity(notification.Number, RowKey(notification)) { ["State"] = nameof(DeliveryState.Sending), ["At"] = now };
            var response = await _table.UpdateEntityAsync(entity, row.ETag, TableUpdateMode.Merge, cancellationToken);
            return row with { State = DeliveryState.Sending, At = now, ETag = response.Headers.ETag ?? ETag.All };
        }
        catch (RequestFailedException exception) when (exception.Status == 412)
        {
            return null;
        }
    }

    /// <summary>Writes how far it got; <see langword="false"/> when somebody else wrote first, whose word stands.</summary>
    public async Task<bool> SettleAsync(
        string number, string row, ETag etag, DeliveryState? state, string? providerId, string? detail, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var entity = new TableEntity(number, row) { ["State"] = state?.ToString() ?? Waiting, ["SettledAt"] = now };
        if (providerId is not null)
        {
            entity["ProviderId"] = providerId;
        }

        if (detail is not null)
        {
            entity["Detail"] = detail;
        }

        try
        {
            await _table.UpdateEntityAsync(entity, etag, TableUpdateMode.Merge, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status == 412)
        {
            return false;
        }
    }

    /// <summary>One point read.</summary>
    public async Task<NotificationRow?> FindAsync(string number, string row, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(number, row, cancellationToken: cancellationToken);
        if (!found.HasValue)
        {
            return null;
        }

        var entity = found.Value!;
        // A row that waits for another try reads as one whose sending began before all time.
        return entity.GetString("State") == Waiting
            ? new NotificationRow(DeliveryState.Sending, DateTimeOffset.MinValue, null, null, entity.ETag)
            : new NotificationRow(
                Enum.Parse<DeliveryState>(entity.GetString("State")), entity.GetDateTimeOffset("At") ?? default,
                entity.GetString("ProviderId"), entity.GetString("Detail"), entity.ETag);
    }

    public static string RowKey(SendNotification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{notification.Event:0000000}|{notification.Key}");
    }

    private const string Waiting = "Waiting";
}
