#nullable disable
using Serverless940.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>Messages that fit into one send.</summary>
public sealed class ServiceBusMessageBatch : IDisposable
{
    // What a message costs beyond its own bytes, as on the wire.
    private const int BatchEnvelope = 24;
    private const int MessageEnvelope = 8;

    private readonly IList<ServiceBusMessage> _messages;
    private readonly List<MessageData> _frozen = [];
    private readonly Func<ServiceBusMessage, bool> _tryAdd;
    private readonly long _givenSize;
    private readonly Lock _gate = new();
    private long _size;
    private bool _sending;
    private bool _disposed;

    internal ServiceBusMessageBatch(long maxSizeInBytes)
    {
        MaxSizeInBytes = maxSizeInBytes;
        _messages = [];
    }

    internal ServiceBusMessageBatch(long maxSizeInBytes, IList<ServiceBusMessage> messages, Func<ServiceBusMessage, bool> tryAdd, long givenSize)
    {
        MaxSizeInBytes = maxSizeInBytes;
        _messages = messages;
        _tryAdd = tryAdd;
        _givenSize = givenSize;
    }

    public long MaxSizeInBytes { get; }

    public long SizeInBytes => _tryAdd is null ? _size : _givenSize;

    public int Count => _messages.Count;

    internal IReadOnlyList<MessageData> Frozen => _tryAdd is null ? _frozen : [.. _messages.Select(message => message.Content)];

    /// <summary>Adds a message as it is now; <see langword="false"/> when it does not fit.</summary>
    public bool TryAddMessage(ServiceBusMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_sending)
            {
                throw new InvalidOperationException("The batch is being sent.");
            }

            if (_tryAdd is not null)
            {
                if (!_tryAdd(message))
                {
                    return false;
                }

                _messages.Add(message);
                return true;
            }

            var size = (_messages.Count == 0 ? BatchEnvelope : _size) + MessageCodec.Encode(message.Content).Length + MessageEnvelope;
            if (size > MaxSizeInBytes)
            {
                return false;
            }

            _size = size;
            _messages.Add(message);
            _frozen.Add(message.Content.Copy());
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_sending)
            {
                throw new InvalidOperationException("The batch is being sent.");
            }

            _disposed = true;
            _frozen.Clear();
            _size = 0;
        }
    }

    internal void Lock(bool sending)
    {
        lock (_gate)
        {
            _sending = sending;
        }
    }
}
