using Azure;
using Azure.Data.Tables;

namespace Serverless940.Contract.Tests.Tables;

public sealed class TableTests
{
    [Fact]
    public async Task A_table_is_created_once_and_deleted_once()
    {
        var service = new TableServiceClient(await TestTable.ConnectionStringAsync());
        var name = TestTable.NewName();

        var created = await service.CreateTableAsync(name);
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => service.CreateTableAsync(name));
        var again = await service.CreateTableIfNotExistsAsync(name);
        var deleted = await service.DeleteTableAsync(name);
        var gone = await service.DeleteTableAsync(name);

        Assert.Equal(name, created.Value.Name);
        Assert.Equal((409, "TableAlreadyExists"), (failure.Status, failure.ErrorCode));
        Assert.Equal(409, again.GetRawResponse().Status);
        Assert.Equal(name, again.Value.Name);
        Assert.Equal(204, deleted.Status);
        Assert.Equal(404, gone.Status);
    }

    [Fact]
    public async Task A_table_s_own_client_creates_and_deletes_it_too()
    {
        var table = new TableClient(await TestTable.ConnectionStringAsync(), TestTable.NewName());

        Assert.Equal(204, (await table.CreateIfNotExistsAsync()).GetRawResponse().Status);
        Assert.Equal(409, (await table.CreateIfNotExistsAsync()).GetRawResponse().Status);
        Assert.Equal("TableAlreadyExists", (await Assert.ThrowsAsync<RequestFailedException>(() => table.CreateAsync())).ErrorCode);
        Assert.Equal(204, (await table.DeleteAsync()).Status);
        Assert.Equal(404, (await table.DeleteAsync()).Status);
    }

    [Fact]
    public async Task Tables_are_listed_page_by_page()
    {
        var service = new TableServiceClient(await TestTable.ConnectionStringAsync());
        string[] names = [TestTable.NewName(), TestTable.NewName(), TestTable.NewName()];
        foreach (var name in names)
        {
            await service.CreateTableAsync(name);
        }

        var all = await service.QueryAsync().Select(table => table.Name).ToListAsync();
        var paged = await service.QueryAsync(maxPerPage: 1).Select(table => table.Name).ToListAsync();

        Assert.Superset(names.ToHashSet(), all.ToHashSet());
        Assert.Equal(all.Order(), paged.Order());
    }

    [Fact]
    public void A_client_knows_where_it_is()
    {
        var emulator = new TableClient("UseDevelopmentStorage=true", "Reports");
        var key = Convert.ToBase64String([1, 2, 3]);
        var cloud = new TableServiceClient($"DefaultEndpointsProtocol=https;AccountName=made;AccountKey={key};EndpointSuffix=core.windows.net");
        var table = cloud.GetTableClient("Reports");
        var direct = new TableClient(new Uri("https://made.table.core.windows.net"), "Reports", new TableSharedKeyCredential("made", key));

        Assert.Equal(("devstoreaccount1", "Reports"), (emulator.AccountName, emulator.Name));
        Assert.Equal(new Uri("http://127.0.0.1:10002/devstoreaccount1/Reports"), emulator.Uri);
        Assert.Equal("made", cloud.AccountName);
        Assert.Equal(new Uri("https://made.table.core.windows.net/"), cloud.Uri);
        Assert.Equal(new Uri("https://made.table.core.windows.net/Reports"), table.Uri);
        Assert.Equal(table.Uri, direct.Uri);
    }

    [Fact]
    public void A_connection_string_that_opens_nothing_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => new TableServiceClient("nothing"));
        Assert.Throws<InvalidOperationException>(() => new TableServiceClient("AccountName=made"));
        Assert.Throws<ArgumentNullException>(() => new TableServiceClient(connectionString: null!));
        Assert.Throws<ArgumentException>(() => new TableClient("UseDevelopmentStorage=true", ""));
    }
}
