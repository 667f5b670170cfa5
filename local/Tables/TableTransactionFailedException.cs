using System.Globalization;
using Serverless940.Local.Tables;

namespace Azure.Data.Tables;

/// <summary>The service refused a transaction because of one of its actions; nothing of it was written.</summary>
public class TableTransactionFailedException : RequestFailedException
{
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(
            requestFailedException.Status,
            requestFailedException.Message,
            requestFailedException.ErrorCode,
            requestFailedException.InnerException)
    {
        foreach (var key in requestFailedException.Data.Keys)
        {
            Data.Add(key, requestFailedException.Data[key]);
        }

        if (Data[ErrorParser.FailedEntity] is string text && int.TryParse(text, CultureInfo.InvariantCulture, out var index))
        {
            FailedTransactionActionIndex = index;
        }
    }

    /// <summary>The position of the action that failed, where the service named it.</summary>
    public int? FailedTransactionActionIndex { get; }
}
