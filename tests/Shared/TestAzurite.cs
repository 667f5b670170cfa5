using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Serverless940.Local.Azurite;

namespace Serverless940.Tests.Shared;

/// <summary>
/// One Azurite for a test process, in memory, started when first asked for and gone with the process. A test takes an
/// account of its own, so that tests share nothing.
/// </summary>
public sealed class TestAzurite
{
    private const int AccountCount = 1000;

    private static readonly Lazy<Task<TestAzurite>> Instance = new(StartAsync);

    private readonly AzuriteServer _server;
    private int _taken;

    private TestAzurite(AzuriteServer server) => _server = server;

    public static Task<TestAzurite> GetAsync() => Instance.Value;

    /// <summary>The connection string of an account that nobody used before.</summary>
    public string NewAccount()
    {
        var number = Interlocked.Increment(ref _taken) - 1;
        return number < AccountCount
            ? _server.ConnectionStringFor(AccountName(number))
            : throw new InvalidOperationException("More accounts were asked for than one test process gets; raise the count.");
    }

    private static async Task<TestAzurite> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("serverless940-azurite-").FullName;
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var accounts = new StringBuilder();
        for (var number = 0; number < AccountCount; number++)
        {
            accounts.Append(AccountName(number)).Append(':').Append(key).Append(';');
        }

        var server = await AzuriteServer.StartAsync(
            new AzuriteOptions { DataFolder = folder, InMemory = true, AccountsEnv = accounts.ToString(), EndsWithCaller = true },
            Console.Error.WriteLine,
            CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server.Kill();
            Directory.Delete(folder, recursive: true);
        };
        return new TestAzurite(server);
    }

    private static string AccountName(int number) => "test" + number.ToString("0000", CultureInfo.InvariantCulture);
}
