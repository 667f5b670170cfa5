using Serverless940.Core.Messages;

namespace Serverless940.Functions.Platform.Projections;

/// <summary>A provider's word moved a notification on.</summary>
/// <param name="Key">The notification within its report.</param>
/// <param name="SentAt">When its sending began.</param>
public sealed record NotificationMoved(string Number, string Key, Medium Medium, DateTimeOffset SentAt, DeliveryState From, DeliveryState To);

/// <summary>Something kept up to date from what became of notifications. It may see a move twice and must not count it twice.</summary>
public interface INotificationProjection
{
    Task ApplyAsync(NotificationMoved moved, CancellationToken cancellationToken);
}
