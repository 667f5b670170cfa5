#nullable enable
using System.Diagnostics;

namespace Serverless940.Local.Tables;

/// <summary>The activity of one operation, under the official client's source names.</summary>
internal readonly struct ClientScope : IDisposable
{
    private static readonly ActivitySource Table = new("Azure.Data.Tables.TableClient");
    private static readonly ActivitySource Service = new("Azure.Data.Tables.TableServiceClient");

    private readonly Activity? _activity;

    private ClientScope(Activity? activity) => _activity = activity;

    public static ClientScope OfTable(string operation, bool enabled) => Start(Table, "TableClient.", operation, enabled);

    public static ClientScope OfService(string operation, bool enabled) => Start(Service, "TableServiceClient.", operation, enabled);

    public void Failed(Exception exception)
    {
        _activity?.SetTag("error.type", exception.GetType().FullName);
        _activity?.SetStatus(ActivityStatusCode.Error, exception.ToString());
    }

    public void Dispose() => _activity?.Dispose();

    private static ClientScope Start(ActivitySource source, string client, string operation, bool enabled)
    {
        if (!enabled || !source.HasListeners())
        {
            return default;
        }

        var activity = source.StartActivity(client + operation);
        activity?.SetTag("az.namespace", "Microsoft.Tables");
        return new ClientScope(activity);
    }
}
