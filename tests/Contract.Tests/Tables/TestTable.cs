using Azure.Data.Tables;
using Serverless940.Tests.Shared;

namespace Serverless940.Contract.Tests.Tables;

/// <summary>
/// An empty table under a name of its own: in the account that <c>CONTRACT_TESTS_STORAGE</c> names, otherwise at the
/// test process's Azurite.
/// </summary>
internal static class TestTable
{
    public static async Task<string> ConnectionStringAsync() =>
        Environment.GetEnvironmentVariable("CONTRACT_TESTS_STORAGE") is { Length: > 0 } given
            ? given
            : (await TestAzurite.GetAsync()).NewAccount();

    public static async Task<TableClient> CreateAsync(TableClientOptions? options = null)
    {
        var table = new TableClient(await ConnectionStringAsync(), NewName(), options);
        await table.CreateAsync();
        return table;
    }

    public static string NewName() => "t" + Guid.NewGuid().ToString("N");
}
