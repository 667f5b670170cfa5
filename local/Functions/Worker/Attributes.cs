using System.Globalization;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions
{
    /// <summary>The base of every binding.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public abstract class BindingAttribute : Attribute
    {
    }

    /// <summary>The base of every trigger.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public abstract class TriggerBindingAttribute : BindingAttribute
    {
    }

    /// <summary>A trigger that hands over one item or many.</summary>
    public interface ISupportCardinality
    {
        public Cardinality Cardinality { get; set; }
    }

    /// <summary>One item an invocation, or many.</summary>
    public enum Cardinality
    {
        Many,
        One,
    }
}

namespace Microsoft.Azure.Functions.Worker
{
    /// <summary>Marks a method as a function and gives its name.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public class FunctionAttribute : Attribute
    {
        public FunctionAttribute(string name)
        {
            Name = name;
        }

        public string Name { get; }
    }

    /// <summary>Who may call an HTTP function.</summary>
    public enum AuthorizationLevel
    {
        /// <summary>Anyone.</summary>
        Anonymous = 0,

        /// <summary>A signed-in user.</summary>
        User = 1,

        /// <summary>A function key or a host key.</summary>
        Function = 2,

        /// <summary>A key of the platform.</summary>
        System = 3,

        /// <summary>The master key.</summary>
        Admin = 4,
    }

    /// <summary>Runs the function for an HTTP request.</summary>
    public sealed class HttpTriggerAttribute : TriggerBindingAttribute
    {
        /// <summary>Any method, function key.</summary>
        public HttpTriggerAttribute()
        {
            AuthLevel = AuthorizationLevel.Function;
        }

        /// <summary>The given methods, anyone: the real attribute leaves the level at its zero here.</summary>
        public HttpTriggerAttribute(params string[] methods)
        {
            Methods = methods;
        }

        public HttpTriggerAttribute(AuthorizationLevel authLevel)
        {
            AuthLevel = authLevel;
        }

        public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
        {
            AuthLevel = authLevel;
            Methods = methods;
        }

        /// <summary>The route below the route prefix; the function's name when empty.</summary>
        public string? Route { get; set; }

        public string[]? Methods { get; private set; }

        public AuthorizationLevel AuthLevel { get; private set; }
    }

    /// <summary>Runs the function by a schedule: NCRONTAB, a time span, or <c>%Setting%</c>.</summary>
    public sealed class TimerTriggerAttribute : TriggerBindingAttribute
    {
        public TimerTriggerAttribute(string schedule)
        {
            Schedule = schedule;
            UseMonitor = true;
        }

        public string Schedule { get; private set; }

        /// <summary>Whether the schedule is kept, so that a missed occurrence is made up for.</summary>
        public bool UseMonitor { get; set; }

        /// <summary>Whether the function also runs when the host starts.</summary>
        public bool RunOnStartup { get; set; }
    }

    /// <summary>Runs the function for messages of a queue or a subscription.</summary>
    public sealed class ServiceBusTriggerAttribute : TriggerBindingAttribute, ISupportCardinality
    {
        private readonly string? _queueName;
        private readonly string? _topicName;
        private readonly string? _subscriptionName;

        public ServiceBusTriggerAttribute(string queueName)
        {
            _queueName = queueName;
        }

        public ServiceBusTriggerAttribute(string topicName, string subscriptionName)
        {
            _topicName = topicName;
            _subscriptionName = subscriptionName;
        }

        /// <summary>The setting, or prefix of settings, that says which namespace.</summary>
        public string? Connection { get; set; }

        public string? QueueName => _queueName;

        public string? TopicName => _topicName;

        public string? SubscriptionName => _subscriptionName;

        public bool IsSessionsEnabled { get; set; }

        public bool IsBatched { get; set; }

        /// <summary>
        /// Whether the host completes messages; when it is not set, <c>autoCompleteMessages</c> of <c>host.json</c> decides.
        /// </summary>
        public bool AutoCompleteMessages { get; set; }

        Cardinality ISupportCardinality.Cardinality
        {
            get => IsBatched ? Cardinality.Many : Cardinality.One;
            set => IsBatched = value == Cardinality.Many;
        }
    }

    /// <summary>What the host does when an invocation fails.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public abstract class RetryAttribute : Attribute
    {
        /// <summary>How often the host tries again; -1 for ever.</summary>
        public int MaxRetryCount { get; set; }
    }

    /// <summary>Tries again after the same delay each time.</summary>
    public sealed class FixedDelayRetryAttribute : RetryAttribute
    {
        public FixedDelayRetryAttribute(int maxRetryCount, string delayInterval)
        {
            if (!TimeSpan.TryParse(delayInterval, CultureInfo.InvariantCulture, out var parsed) || parsed < TimeSpan.Zero)
            {
                throw new ArgumentOutOfRangeException(nameof(delayInterval));
            }

            MaxRetryCount = maxRetryCount;
            DelayInterval = delayInterval;
        }

        public string DelayInterval { get; }
    }

    /// <summary>Tries again after delays that double between two bounds.</summary>
    public sealed class ExponentialBackoffRetryAttribute : RetryAttribute
    {
        public ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval)
        {
            if (!TimeSpan.TryParse(minimumInterval, CultureInfo.InvariantCulture, out var minimum) || minimum < TimeSpan.Zero)
            {
                throw new ArgumentOutOfRangeException(nameof(minimumInterval));
            }

            if (!TimeSpan.TryParse(maximumInterval, CultureInfo.InvariantCulture, out var maximum) || maximum < TimeSpan.Zero)
            {
                throw new ArgumentOutOfRangeException(nameof(maximumInterval));
            }

            if (minimum > maximum)
            {
                throw new ArgumentException("The smallest interval is larger than the largest.", nameof(minimumInterval));
            }

            MaxRetryCount = maxRetryCount;
            MinimumInterval = minimumInterval;
            MaximumInterval = maximumInterval;
        }

        public string MinimumInterval { get; }

        public string MaximumInterval { get; }
    }
}
