using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace Serverless940.Contract.Tests.Tables;

public sealed class TransactionTests
{
    [Fact]
    public async Task A_hundred_actions_are_done_together_and_answered_one_by_one()
    {
        var table = await TestTable.CreateAsync();

        var answer = await table.SubmitTransactionAsync(Enumerable.Range(0, 100).Select(Add));
        var read = await table.QueryAsync<TableEntity>("PartitionKey eq 'p'").ToDictionaryAsync(entity => entity.RowKey);

        Assert.Equal(202, answer.GetRawResponse().Status);
        Assert.Equal(100, answer.Value.Count);
        Assert.All(answer.Value, response => Assert.Equal(204, response.Status));
        Assert.Equal(100, read.Count);
        Assert.Equal(read[Key(41)].ETag, answer.Value[41].Headers.ETag);
    }

    [Fact]
    public async Task Every_kind_of_action_has_its_effect()
    {
        var table = await TestTable.CreateAsync();
        var etags = (await table.SubmitTransactionAsync(Enumerable.Range(0, 5).Select(Add))).Value.Select(response => response.Headers.ETag!.Value).ToArray();

        var answer = await table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "new") { ["A"] = "س" }),
            new(TableTransactionActionType.UpdateMerge, new TableEntity("p", Key(0)) { ["A"] = 1 }, etags[0]),
            new(TableTransactionActionType.UpdateReplace, new TableEntity("p", Key(1)) { ["A"] = 1 }, etags[1]),
            new(TableTransactionActionType.UpsertMerge, new TableEntity("p", Key(2)) { ["A"] = 1 }),
            new(TableTransactionActionType.UpsertReplace, new TableEntity("p", Key(3)) { ["A"] = 1 }),
            new(TableTransactionActionType.Delete, new TableEntity("p", Key(4)), etags[4]),
        ]);
        var read = await table.QueryAsync<TableEntity>("PartitionKey eq 'p'").ToDictionaryAsync(entity => entity.RowKey);

        Assert.Equal(6, answer.Value.Count);
        Assert.Equal("س", read["new"].GetString("A"));
        Assert.Equal((1, 0), (read[Key(0)].GetInt32("A"), read[Key(0)].GetInt32("Number")));
        Assert.Equal((1, (int?)null), (read[Key(1)].GetInt32("A"), read[Key(1)].GetInt32("Number")));
        Assert.Equal((1, 2), (read[Key(2)].GetInt32("A"), read[Key(2)].GetInt32("Number")));
        Assert.Equal((1, (int?)null), (read[Key(3)].GetInt32("A"), read[Key(3)].GetInt32("Number")));
        Assert.False(read.ContainsKey(Key(4)));
    }

    [Fact]
    public async Task A_deletion_without_a_version_means_any()
    {
        var table = await TestTable.CreateAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));

        await table.SubmitTransactionAsync([new(TableTransactionActionType.Delete, new TableEntity("p", "r"))]);

        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
    }

    [Fact]
    public async Task An_action_that_conflicts_undoes_all_and_is_named()
    {
        var table = await TestTable.CreateAsync();
        await table.AddEntityAsync(new TableEntity("p", Key(2)));

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync(Enumerable.Range(0, 5).Select(Add)));
        var left = await table.QueryAsync<TableEntity>("PartitionKey eq 'p'").ToListAsync();

        Assert.Equal(409, failure.Status);
        Assert.Equal("EntityAlreadyExists", failure.ErrorCode);
        Assert.Equal(2, failure.FailedTransactionActionIndex);
        Assert.IsAssignableFrom<RequestFailedException>(failure);
        Assert.Equal([Key(2)], left.Select(entity => entity.RowKey));
    }

    [Fact]
    public async Task A_stale_version_undoes_all_and_is_named()
    {
        var table = await TestTable.CreateAsync();
        var stale = (await table.AddEntityAsync(new TableEntity("p", "report") { ["State"] = 1 })).Headers.ETag!.Value;
        await table.UpsertEntityAsync(new TableEntity("p", "report") { ["State"] = 2 });

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "event")),
            new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "report") { ["State"] = 3 }, stale),
        ]));

        Assert.Equal((412, "UpdateConditionNotSatisfied"), (failure.Status, failure.ErrorCode));
        Assert.Equal(1, failure.FailedTransactionActionIndex);
        Assert.Equal(2, (await table.GetEntityAsync<TableEntity>("p", "report")).Value.GetInt32("State"));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "event")).HasValue);
    }

    [Fact]
    public async Task Deleting_what_is_gone_fails_the_transaction()
    {
        var table = await TestTable.CreateAsync();

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "kept")),
            new(TableTransactionActionType.Delete, new TableEntity("p", "gone")),
        ]));

        Assert.Equal((404, "ResourceNotFound"), (failure.Status, failure.ErrorCode));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "kept")).HasValue);
    }

    [Fact]
    public async Task The_same_row_twice_is_refused()
    {
        var table = await TestTable.CreateAsync();

        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "r") { ["A"] = 1 }),
            new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "r") { ["A"] = 2 }),
        ]));

        Assert.Equal((400, "InvalidDuplicateRow"), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task Two_partitions_are_refused()
    {
        var table = await TestTable.CreateAsync();

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "r")),
            new(TableTransactionActionType.UpsertReplace, new TableEntity("q", "r")),
        ]));

        Assert.Equal((400, "CommandsInBatchActOnDifferentPartitions"), (failure.Status, failure.ErrorCode));
        Assert.Equal(1, failure.FailedTransactionActionIndex);
        Assert.Empty(await table.QueryAsync<TableEntity>("PartitionKey eq 'p'").ToListAsync());
    }

    [Fact]
    public async Task A_hundred_and_one_actions_are_refused()
    {
        var table = await TestTable.CreateAsync();

        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(
            () => table.SubmitTransactionAsync(Enumerable.Range(0, 101).Select(Add)));

        Assert.Equal(400, failure.Status);
        Assert.Empty(await table.QueryAsync<TableEntity>("PartitionKey eq 'p'").ToListAsync());
    }

    [Fact]
    public async Task No_action_is_no_transaction()
    {
        var table = await TestTable.CreateAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.SubmitTransactionAsync([]));
        await Assert.ThrowsAsync<ArgumentNullException>(() => table.SubmitTransactionAsync(null!));
    }

    private static TableTransactionAction Add(int number) =>
        new(TableTransactionActionType.Add, new TableEntity("p", Key(number)) { ["Number"] = number });

    private static string Key(int number) => number.ToString("000", CultureInfo.InvariantCulture);
}
