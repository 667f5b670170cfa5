namespace Serverless940.Local.Azurite;

/// <summary>Azurite could not be installed or started; the message is one line for whoever ran the command.</summary>
public sealed class AzuriteException : Exception
{
    public AzuriteException(string message)
        : base(message)
    {
    }

    public AzuriteException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
