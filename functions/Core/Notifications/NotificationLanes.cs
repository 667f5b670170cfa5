using Serverless940.Core.Messages;

namespace Serverless940.Core.Notifications;

/// <summary>The lanes in which texts travel (مسارات): one sender number carries few texts a minute, so they do not all queue together.</summary>
public enum NotificationLane
{
    /// <summary>What a citizen has just caused or waits for.</summary>
    Citizens,

    /// <summary>Work for staff and agencies.</summary>
    Staff,

    /// <summary>What comes by the thousand at once; it goes out at a pace that leaves the number free for the others.</summary>
    Waves,
}

/// <summary>Sorts texts into lanes.</summary>
public static class NotificationLanes
{
    /// <summary>
    /// The lane of a text. An escalation is a timer's doing, and a tick after a holiday escalates thousands; a step tells as
    /// many followers as a report has. Nothing urgent ever waits among them.
    /// </summary>
    public static NotificationLane Of(SendNotification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var ofMany = notification.Template is "escalated" or "staff.escalated"
            || (notification.Key.StartsWith("follower-", StringComparison.Ordinal) && notification.Template != "follower.followed");
        return ofMany && !notification.Urgent ? NotificationLane.Waves
            : notification.Key.StartsWith("staff-", StringComparison.Ordinal) || notification.Key == NotificationPlanner.AgencyKey ? NotificationLane.Staff
            : NotificationLane.Citizens;
    }
}
