using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;

namespace Serverless940.Functions.Channels;

public sealed class FetchChannelMedia(MessagePump pump, MediaFetcher fetcher)
{
    [Function(nameof(FetchChannelMedia))]
    public Task RunAsync(
        [ServiceBusTrigger(Names.Queues.Media, Connection = Names.BusConnection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) =>
        pump.RunAsync<FetchMedia>(Names.Queues.Media, message, actions, null, fetcher.HandleAsync, cancellationToken);
}
