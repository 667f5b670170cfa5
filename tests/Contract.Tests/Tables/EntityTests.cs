using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Serverless940.Contract.Tests.Tables;

public sealed class EntityTests
{
    [Fact]
    public async Task An_added_entity_is_read_back_with_its_version_and_time()
    {
        var table = await TestTable.CreateAsync();

        var added = await table.AddEntityAsync(new TableEntity("p", "r") { ["Text"] = "بلاغ" });
        var read = await table.GetEntityAsync<TableEntity>("p", "r");

        Assert.Equal(204, added.Status);
        Assert.Equal(added.Headers.ETag, read.Value.ETag);
        Assert.Equal("p", read.Value.PartitionKey);
        Assert.Equal("r", read.Value.RowKey);
        Assert.Equal("بلاغ", read.Value.GetString("Text"));
        Assert.InRange(read.Value.Timestamp!.Value, DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(10));
        Assert.DoesNotContain("odata.metadata", read.Value.Keys);
    }

    [Fact]
    public async Task Adding_what_exists_is_a_conflict()
    {
        var table = await TestTable.CreateAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal(409, failure.Status);
        Assert.Equal(TableErrorCode.EntityAlreadyExists.ToString(), failure.ErrorCode);
        Assert.True(failure.ErrorCode == TableErrorCode.EntityAlreadyExists);
    }

    [Fact]
    public async Task Reading_what_is_not_there_fails_or_has_no_value_as_asked()
    {
        var table = await TestTable.CreateAsync();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "none"));
        var absent = await table.GetEntityIfExistsAsync<TableEntity>("p", "none");

        Assert.Equal(404, failure.Status);
        Assert.Equal("ResourceNotFound", failure.ErrorCode);
        Assert.False(absent.HasValue);
        Assert.Equal(404, absent.GetRawResponse().Status);
        Assert.Throws<InvalidOperationException>(() => absent.Value);
    }

    [Fact]
    public async Task A_table_that_is_not_there_is_told_apart_from_an_entity_that_is_not()
    {
        var table = new TableClient(await TestTable.ConnectionStringAsync(), TestTable.NewName());

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal(404, failure.Status);
        Assert.Equal("TableNotFound", failure.ErrorCode);
    }

    [Fact]
    public async Task A_merge_keeps_other_properties_and_a_replacement_drops_them()
    {
        var table = await TestTable.CreateAsync();
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 1 });

        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 2 });
        var merged = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 3 }, TableUpdateMode.Replace);
        var replaced = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal((1, 2), (merged.GetInt32("A"), merged.GetInt32("B")));
        Assert.Null(replaced.GetInt32("A"));
        Assert.Equal(3, replaced.GetInt32("B"));
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge)]
    [InlineData(TableUpdateMode.Replace)]
    public async Task An_update_with_a_stale_version_is_refused_and_changes_nothing(TableUpdateMode mode)
    {
        var table = await TestTable.CreateAsync();
        var first = (await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 })).Headers.ETag!.Value;
        var second = (await table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, first, mode)).Headers.ETag!.Value;

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 3 }, first, mode));
        var unchanged = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.NotEqual(first, second);
        Assert.Equal(412, failure.Status);
        Assert.Equal("UpdateConditionNotSatisfied", failure.ErrorCode);
        Assert.Equal(2, unchanged.GetInt32("A"));
        Assert.Equal(second, unchanged.ETag);
    }

    [Fact]
    public async Task An_update_without_condition_needs_the_word_and_the_entity()
    {
        var table = await TestTable.CreateAsync();

        await Assert.ThrowsAsync<ArgumentException>("ifMatch", () => table.UpdateEntityAsync(new TableEntity("p", "r"), default));
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All));
        await table.AddEntityAsync(new TableEntity("p", "r"));
        var updated = await table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, ETag.All);

        Assert.Equal((404, "ResourceNotFound"), (failure.Status, failure.ErrorCode));
        Assert.Equal(204, updated.Status);
    }

    [Fact]
    public async Task Deleting_heeds_the_version_and_does_not_mind_what_is_gone()
    {
        var table = await TestTable.CreateAsync();
        var stale = (await table.AddEntityAsync(new TableEntity("p", "r"))).Headers.ETag!.Value;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.DeleteEntityAsync("p", "r", stale));
        var deleted = await table.DeleteEntityAsync("p", "r");
        var again = await table.DeleteEntityAsync(new TableEntity("p", "r"));

        Assert.Equal((412, "UpdateConditionNotSatisfied"), (failure.Status, failure.ErrorCode));
        Assert.Equal(204, deleted.Status);
        Assert.Equal(404, again.Status);
    }

    [Fact]
    public async Task Selected_properties_come_alone()
    {
        var table = await TestTable.CreateAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 });

        var read = (await table.GetEntityAsync<TableEntity>("p", "r", ["RowKey", "B"])).Value;

        Assert.Equal("r", read.RowKey);
        Assert.Equal(2, read.GetInt32("B"));
        Assert.False(read.ContainsKey("A"));
    }

    [Fact]
    public async Task Every_operation_has_its_synchronous_twin()
    {
        var connection = await TestTable.ConnectionStringAsync();
        var table = new TableClient(connection, TestTable.NewName());
        table.Create();

        var etag = table.AddEntity(new TableEntity("p", "r")).Headers.ETag!.Value;
        table.UpdateEntity(new TableEntity("p", "r") { ["A"] = 1 }, etag);
        table.UpsertEntity(new TableEntity("p", "r") { ["A"] = 2 });
        table.SubmitTransaction([new(TableTransactionActionType.Add, new TableEntity("p", "s"))]);

        Assert.Equal(2, table.GetEntity<TableEntity>("p", "r").Value.GetInt32("A"));
        Assert.True(table.GetEntityIfExists<TableEntity>("p", "s").HasValue);
        Assert.Equal(2, table.Query<TableEntity>("PartitionKey eq 'p'").Count());
        Assert.Equal(204, table.DeleteEntity("p", "r").Status);
        Assert.Equal(204, table.DeleteEntity(new TableEntity("p", "s")).Status);
        Assert.Equal(204, table.Delete().Status);
    }

    [Theory]
    [InlineData("شارع الملك سعود")]
    [InlineData("two words")]
    [InlineData("it's 'quoted' \"twice\"")]
    [InlineData("100%")]
    [InlineData("%41%2F")]
    [InlineData("a+b&c=d;e,f")]
    [InlineData("(x)[y]{z}<w>|^`~!@$*")]
    [InlineData("٩٤٠")]
    [InlineData("e\u0301 é")]
    [InlineData("🚧 حفرة")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("event|000007")]
    [InlineData("line\u2028separator")]
    public async Task A_key_may_hold_any_letter_the_service_allows(string key)
    {
        var table = await TestTable.CreateAsync();

        await table.AddEntityAsync(new TableEntity(key, key) { ["A"] = 1 });
        await table.UpsertEntityAsync(new TableEntity(key, key) { ["A"] = 2 });
        var etag = (await table.GetEntityAsync<TableEntity>(key, key)).Value.ETag;
        await table.UpdateEntityAsync(new TableEntity(key, key) { ["A"] = 3 }, etag);
        await table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpsertMerge, new TableEntity(key, key) { ["B"] = 4 }),
            new(TableTransactionActionType.Add, new TableEntity(key, key + "-") { ["B"] = key }),
        ]);
        var found = await table.QueryAsync<TableEntity>(e => e.PartitionKey == key && e.RowKey == key).ToListAsync();

        var entity = Assert.Single(found);
        Assert.Equal(key, entity.PartitionKey);
        Assert.Equal(key, entity.RowKey);
        Assert.Equal((3, 4), (entity.GetInt32("A"), entity.GetInt32("B")));
        Assert.Equal(204, (await table.DeleteEntityAsync(key, key)).Status);
    }

    [Fact]
    public async Task Another_culture_of_the_machine_changes_nothing_on_the_wire()
    {
        var before = CultureInfo.CurrentCulture;
        var table = await TestTable.CreateAsync();
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-SA");
            var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(3));
            await table.AddEntityAsync(new TableEntity("p", "r") { ["At"] = at, ["Large"] = -5L, ["Measured"] = 1.5 });
            var found = await table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {"p"} and At eq {at} and Large eq {-5L} and Measured eq {1.5}")).ToListAsync();

            Assert.Equal(at, Assert.Single(found).GetDateTimeOffset("At"));
            Assert.Equal(-5L, found[0].GetInt64("Large"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
