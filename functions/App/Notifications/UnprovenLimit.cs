using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Notifications;

/// <summary>
/// A phone that nobody has proven gets at most a few SMS a day from all senders together: each takes one of the day's
/// numbered slots, so that parallel senders cannot both have the last.
/// </summary>
public sealed class UnprovenLimit(TableServiceClient tables, PhoneHash hash, Policy policy)
{
    private readonly TableClient _table = tables.GetTableClient(Names.Tables.Reporters);

    /// <summary>Whether this notification may go; the same one always gets the same answer. One query, one write.</summary>
    public async Task<bool> TakeAsync(string phone, string tag, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var partition = hash.Of(phone);
        var day = policy.Calendars[policy.City.Calendar].ToLocal(now).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var from = $"sms|{day}|";
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {$"sms|{day}}}"}");
        var taken = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.GetString("Tag") == tag)
            {
                return true;
            }

            taken.Add(row.RowKey);
        }

        for (var slot = 0; slot < policy.Intake.UnprovenSmsPerDay; slot++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{from}{slot}");
            if (taken.Contains(key))
            {
                continue;
            }

            try
            {
                await _table.AddEntityAsync(new TableEntity(partition, key) { ["Tag"] = tag }, cancellationToken);
                return true;
            }
            catch (RequestFailedException exception) when (exception.Status == 409)
            {
                // Another sender took this slot; try the next.
            }
        }

        return false;
    }
}
