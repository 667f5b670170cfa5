using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Local.Functions;

/// <summary>
/// Reads <c>servicebus.json</c>, which has the shape of the Service Bus emulator's <c>Config.json</c>: what the entities
/// are and their rules. What it says and the broker cannot do stops the start.
/// </summary>
internal static class BusTopology
{
    private static readonly JsonSerializerOptions Lenient = new(JsonSerializerDefaults.Web)
    {
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <exception cref="LocalHostException">The file is not what it should be; the message says where.</exception>
    public static BrokerTopology Parse(string json)
    {
        Config? config;
        try
        {
            config = JsonSerializer.Deserialize<Config>(json, Lenient);
        }
        catch (JsonException exception)
        {
            throw new LocalHostException($"servicebus.json, line {exception.LineNumber + 1}: {exception.Path} is not what it should be.", exception);
        }

        var namespaces = config?.UserConfig?.Namespaces ?? throw new LocalHostException("servicebus.json has no UserConfig.Namespaces.");
        return new BrokerTopology(
            [.. namespaces.SelectMany(space => space.Queues ?? []).Select(Queue)],
            [.. namespaces.SelectMany(space => space.Topics ?? []).Select(Topic)]);
    }

    private static BrokerQueue Queue(Entity entity)
    {
        var name = Name(entity);
        var rules = Rules(entity);
        return new BrokerQueue(name)
        {
            RequiresSession = rules.RequiresSession ?? false,
            DuplicateDetectionWindow = Window(name, rules),
            LockDuration = Span(name, rules.LockDuration) ?? TimeSpan.FromMinutes(1),
            MaxDeliveryCount = rules.MaxDeliveryCount ?? 10,
            DefaultTimeToLive = Span(name, rules.DefaultMessageTimeToLive),
            DeadLetteringOnExpiration = rules.DeadLetteringOnMessageExpiration ?? false,
        };
    }

    private static BrokerTopic Topic(Entity entity)
    {
        var name = Name(entity);
        var rules = Rules(entity);
        return new BrokerTopic(name)
        {
            DuplicateDetectionWindow = Window(name, rules),
            DefaultTimeToLive = Span(name, rules.DefaultMessageTimeToLive),
            Subscriptions = [.. (entity.Subscriptions ?? []).Select(subscription => Subscription(name, subscription))],
        };
    }

    private static BrokerSubscription Subscription(string topic, Entity entity)
    {
        var name = Name(entity);
        var rules = Rules(entity);
        var place = $"{topic}/{name}";
        if (entity.Rules is { Count: > 0 })
        {
            throw new LocalHostException($"servicebus.json: {place} has rules; the local bus gives every subscription every message.");
        }

        return new BrokerSubscription(name)
        {
            RequiresSession = rules.RequiresSession ?? false,
            LockDuration = Span(place, rules.LockDuration) ?? TimeSpan.FromMinutes(1),
            MaxDeliveryCount = rules.MaxDeliveryCount ?? 10,
            DefaultTimeToLive = Span(place, rules.DefaultMessageTimeToLive),
            DeadLetteringOnExpiration = rules.DeadLetteringOnMessageExpiration ?? false,
        };
    }

    private static string Name(Entity entity) =>
        string.IsNullOrWhiteSpace(entity.Name) ? throw new LocalHostException("servicebus.json: an entity has no Name.") : entity.Name;

    private static Properties Rules(Entity entity)
    {
        var rules = entity.Properties ?? new Properties();
        return string.IsNullOrEmpty(rules.ForwardTo) && string.IsNullOrEmpty(rules.ForwardDeadLetteredMessagesTo)
            ? rules
            : throw new LocalHostException($"servicebus.json: {entity.Name} forwards messages, which the local bus does not do.");
    }

    private static TimeSpan? Window(string name, Properties rules) =>
        rules.RequiresDuplicateDetection == true ? Span(name, rules.DuplicateDetectionHistoryTimeWindow) ?? TimeSpan.FromMinutes(10) : null;

    private static TimeSpan? Span(string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (FormatException exception)
        {
            throw new LocalHostException($"servicebus.json: '{text}' of {name} is not an ISO 8601 duration.", exception);
        }
    }

    private sealed record Config(UserConfig? UserConfig);

    private sealed record UserConfig(List<Namespace>? Namespaces);

    private sealed record Namespace(string? Name, List<Entity>? Queues, List<Entity>? Topics);

    private sealed record Entity(string? Name, Properties? Properties, List<Entity>? Subscriptions, List<JsonElement>? Rules);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record Properties
    {
        public bool? RequiresSession { get; init; }

        public bool? RequiresDuplicateDetection { get; init; }

        public string? DuplicateDetectionHistoryTimeWindow { get; init; }

        public string? LockDuration { get; init; }

        public int? MaxDeliveryCount { get; init; }

        public string? DefaultMessageTimeToLive { get; init; }

        public bool? DeadLetteringOnMessageExpiration { get; init; }

        public string? ForwardTo { get; init; }

        public string? ForwardDeadLetteredMessagesTo { get; init; }
    }
}
