#nullable disable

namespace Azure.Messaging.ServiceBus;

/// <summary>The parts of a connection string.</summary>
public class ServiceBusConnectionStringProperties
{
    public string FullyQualifiedNamespace => Endpoint?.Host;

    public Uri Endpoint { get; private set; }

    public string EntityPath { get; private set; }

    public string SharedAccessKeyName { get; private set; }

    public string SharedAccessKey { get; private set; }

    public string SharedAccessSignature { get; private set; }

    /// <summary>Reads a connection string; unknown parts are ignored.</summary>
    /// <exception cref="FormatException">It is no list of <c>name=value</c>, or its endpoint is no address.</exception>
    public static ServiceBusConnectionStringProperties Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var parsed = new ServiceBusConnectionStringProperties();
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException("A part of the connection string is no name=value.");
            }

            parsed.Set(part[..equals].Trim(), part[(equals + 1)..].Trim());
        }

        return parsed;
    }

    private void Set(string name, string value)
    {
        if (name.Equals("Endpoint", StringComparison.OrdinalIgnoreCase))
        {
            Endpoint = Uri.TryCreate(value.Contains("://", StringComparison.Ordinal) ? value : "sb://" + value, UriKind.Absolute, out var endpoint)
                ? new UriBuilder(endpoint) { Scheme = "sb", Port = endpoint.IsDefaultPort ? -1 : endpoint.Port }.Uri
                : throw new FormatException("The connection string's Endpoint is no address.");
        }
        else if (name.Equals("EntityPath", StringComparison.OrdinalIgnoreCase))
        {
            EntityPath = value;
        }
        else if (name.Equals("SharedAccessKeyName", StringComparison.OrdinalIgnoreCase))
        {
            SharedAccessKeyName = value;
        }
        else if (name.Equals("SharedAccessKey", StringComparison.OrdinalIgnoreCase))
        {
            SharedAccessKey = value;
        }
        else if (name.Equals("SharedAccessSignature", StringComparison.OrdinalIgnoreCase))
        {
            SharedAccessSignature = value;
        }
    }
}
