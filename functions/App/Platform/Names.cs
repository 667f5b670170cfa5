namespace Serverless940.Functions.Platform;

/// <summary>
/// Every queue, table, container and setting by name, once. The templates under <c>infra</c> and the entity file
/// <c>servicebus.json</c> are held against this table by a test.
/// </summary>
public static partial class Names
{
    /// <summary>Prefix of the bus connection's settings.</summary>
    public const string BusConnection = "ServiceBus";

    /// <summary>Service Bus queues. All but <see cref="Media"/> and <see cref="SmsEvents"/> have sessions.</summary>
    public static class Queues
    {
        /// <summary>Commands on reports; the session is the report's number.</summary>
        public const string Commands = "commands";

        /// <summary>Normalised events of channels; the session is channel and sender.</summary>
        public const string Inbound = "inbound";

        /// <summary>What changed, for the projections; the session is the report's number.</summary>
        public const string Changes = "changes";

        /// <summary>Texts to citizens; the session is report and recipient.</summary>
        public const string Notifications = "notifications";

        /// <summary>Texts to staff: a lane of their own, so that an escalation wave never delays a citizen's number.</summary>
        public const string StaffNotifications = "notifications-staff";

        /// <summary>Texts that come in waves, set off by a timer or by one report with many followers: paced, never in the others' way.</summary>
        public const string WaveNotifications = "notifications-waves";

        /// <summary>Answers in conversations, and their receipts; the session is the conversation.</summary>
        public const string Replies = "replies";

        /// <summary>Media of channels to fetch.</summary>
        public const string Media = "media";

        /// <summary>Providers' words on what we sent; the session is the provider's reference.</summary>
        public const string Receipts = "receipts";

        /// <summary>Events about SMS as Event Grid puts them there; not our own messages.</summary>
        public const string SmsEvents = "sms-events";

        public static IReadOnlyList<string> All { get; } =
            [Commands, Inbound, Changes, Notifications, StaffNotifications, WaveNotifications, Replies, Media, Receipts, SmsEvents];
    }

    /// <summary>Storage tables.</summary>
    public static class Tables
    {
        public const string Reports = "Reports";
        public const string Due = "Due";
        public const string Links = "Links";
        public const string Hints = "Hints";
        public const string Notifications = "Notifications";
        public const string Reporters = "Reporters";
        public const string Conversations = "Conversations";
        public const string Board = "Board";
        public const string Nearby = "Nearby";
        public const string Kpis = "Kpis";

        /// <summary>Numbers of reports by the day on which they came in.</summary>
        public const string Directory = "Directory";

        public static IReadOnlyList<string> All { get; } =
            [Reports, Due, Links, Hints, Notifications, Reporters, Conversations, Board, Nearby, Directory, Kpis];
    }

    /// <summary>Blob containers.</summary>
    public static class Containers
    {
        /// <summary>Photos and voice notes, cleaned.</summary>
        public const string Media = "media";

        /// <summary>Uploads under way.</summary>
        public const string Uploads = "uploads";

        public static IReadOnlyList<string> All { get; } = [Media, Uploads];
    }
}
