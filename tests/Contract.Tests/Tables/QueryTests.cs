using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace Serverless940.Contract.Tests.Tables;

[SuppressMessage("Usage", "CA1309", Justification = "A filter is translated, never run.")]
public sealed class QueryTests
{
    [Fact]
    public async Task Pages_follow_each_other_to_the_end_in_key_order()
    {
        var table = await FilledAsync(25);

        var pages = await table.QueryAsync<TableEntity>("PartitionKey eq 'p'", maxPerPage: 10).AsPages().ToListAsync();

        Assert.Equal([10, 10, 5], pages.Select(page => page.Values.Count));
        Assert.Null(pages[^1].ContinuationToken);
        Assert.Equal(
            Enumerable.Range(0, 25).Select(Key),
            pages.SelectMany(page => page.Values).Select(entity => entity.RowKey));
    }

    [Fact]
    public async Task A_query_goes_on_from_a_token_that_was_kept()
    {
        var table = await FilledAsync(5);
        var first = await table.QueryAsync<TableEntity>("PartitionKey eq 'p'").AsPages(pageSizeHint: 3).FirstAsync();

        var rest = await table.QueryAsync<TableEntity>("PartitionKey eq 'p'").AsPages(first.ContinuationToken).ToListAsync();

        Assert.Equal(3, first.Values.Count);
        Assert.Equal([Key(3), Key(4)], rest.SelectMany(page => page.Values).Select(entity => entity.RowKey));
    }

    [Fact]
    public async Task More_than_a_thousand_rows_come_in_several_pages_by_themselves()
    {
        var table = await TestTable.CreateAsync();
        for (var start = 0; start < 1100; start += 100)
        {
            await table.SubmitTransactionAsync(Enumerable.Range(start, 100).Select(number =>
                new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", Key(number)))));
        }

        var pages = await table.QueryAsync<TableEntity>("PartitionKey eq 'p'").AsPages().ToListAsync();

        Assert.Equal([1000, 100], pages.Select(page => page.Values.Count));
    }

    [Fact]
    public async Task Continuation_survives_awkward_keys()
    {
        var table = await TestTable.CreateAsync();
        string[] keys = ["أ ب", "ج+د", "ه%و", "ز'ح"];
        foreach (var key in keys)
        {
            await table.AddEntityAsync(new TableEntity("حي الشاطئ 'أ'", key));
        }

        var partition = "حي الشاطئ 'أ'";
        var read = await table.QueryAsync<TableEntity>(e => e.PartitionKey == partition, maxPerPage: 1).ToListAsync();

        Assert.Equal(keys.Order(StringComparer.Ordinal), read.Select(entity => entity.RowKey));
    }

    [Fact]
    public async Task A_range_of_row_keys_is_asked_by_comparison()
    {
        var table = await FilledAsync(10);
        var (from, to) = (Key(3), Key(7));

        var read = await table.QueryAsync<TableEntity>(
            e => e.PartitionKey == "p" && e.RowKey.CompareTo(from) >= 0 && string.Compare(e.RowKey, to) < 0).ToListAsync();

        Assert.Equal([Key(3), Key(4), Key(5), Key(6)], read.Select(entity => entity.RowKey));
    }

    [Fact]
    public async Task Only_selected_properties_travel()
    {
        var table = await FilledAsync(1);

        var read = Assert.Single(await table.QueryAsync<TableEntity>("PartitionKey eq 'p'", select: ["RowKey", "Number"]).ToListAsync());

        Assert.Equal(0, read.GetInt32("Number"));
        Assert.Null(read.PartitionKey);
        Assert.False(read.ContainsKey("Text"));
    }

    [Fact]
    public async Task Every_type_can_be_compared_by_expression()
    {
        var table = await TestTable.CreateAsync();
        var at = new DateTimeOffset(2026, 5, 1, 8, 30, 0, TimeSpan.FromHours(3));
        var id = Guid.NewGuid();
        var bytes = new byte[] { 1, 171, 255 };
        await table.AddEntityAsync(new Reading
        {
            PartitionKey = "p",
            RowKey = "wanted",
            Text = "it's",
            Small = 5,
            Large = 6_000_000_000,
            Measured = 2.0,
            Flag = true,
            At = at,
            Utc = at.UtcDateTime,
            Id = id,
            Bytes = bytes,
            Alias = "a",
        });
        await table.AddEntityAsync(new Reading { PartitionKey = "p", RowKey = "other", At = at.AddDays(1), Utc = at.UtcDateTime.AddDays(1) });

        await OneAsync(e => e.Text == "it's");
        await OneAsync(e => e.Small == 5 && e.Small < 6 && e.Small <= 5 && e.Small > 4 && e.Small >= 5);
        await OneAsync(e => e.Large > 5_000_000_000);
        await OneAsync(e => e.Measured == 2.0 && e.Measured < 2.5);
        await OneAsync(e => e.Flag);
        await OneAsync(e => !(!e.Flag));
        await OneAsync(e => e.At < at.AddHours(1));
        await OneAsync(e => e.Utc == at.UtcDateTime);
        await OneAsync(e => e.Id == id);
        await OneAsync(e => e.Bytes == bytes);
        await OneAsync(e => e.Alias == "a" || e.Small == 99);
        await OneAsync(e => e.Text!.Equals("it's") && e.RowKey != "other");

        async Task OneAsync(System.Linq.Expressions.Expression<Func<Reading, bool>> filter) =>
            Assert.Equal(["wanted"], (await table.QueryAsync(filter).ToListAsync()).Select(entity => entity.RowKey));
    }

    [Fact]
    public async Task A_filter_the_service_cannot_read_is_refused_by_it()
    {
        var table = await TestTable.CreateAsync();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            async () => await table.QueryAsync<TableEntity>("this is no filter").ToListAsync());

        Assert.Equal(400, failure.Status);
    }

    private static async Task<TableClient> FilledAsync(int count)
    {
        var table = await TestTable.CreateAsync();
        await table.SubmitTransactionAsync(Enumerable.Range(0, count).Select(number => new TableTransactionAction(
            TableTransactionActionType.Add,
            new TableEntity("p", Key(number)) { ["Number"] = number, ["Text"] = "نص" })));
        return table;
    }

    private static string Key(int number) => number.ToString("0000", CultureInfo.InvariantCulture);
}
