using Microsoft.Extensions.DependencyInjection;
using Serverless940.Functions.Channels.Sms;
using Serverless940.Functions.Channels.WhatsApp;
using Serverless940.Functions.Platform.Outbound;

namespace Serverless940.Functions.Channels;

/// <summary>The pipeline of all channels, and each channel's one registration.</summary>
public static class ChannelServices
{
    public static IServiceCollection AddChannels(this IServiceCollection services)
    {
        services.AddSingleton<Conversations>();
        services.AddSingleton<InboundHandler>();
        services.AddSingleton<ReplyStore>();
        services.AddSingleton<ReplyHandler>();
        services.AddSingleton<MediaFetcher>();
        return services.AddWhatsApp().AddSms();
    }

    private static IServiceCollection AddWhatsApp(this IServiceCollection services)
    {
        services.AddHttpClient(WhatsAppClient.HttpName, client => client.Timeout = TimeSpan.FromSeconds(10))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        services.AddSingleton<WhatsAppClient>();
        services.AddSingleton<IOutboundSender>(provider => provider.GetRequiredService<WhatsAppClient>());
        services.AddSingleton<IReplySender>(provider => provider.GetRequiredService<WhatsAppClient>());
        services.AddSingleton<IMediaSource, WhatsAppMedia>();
        return services;
    }

    private static IServiceCollection AddSms(this IServiceCollection services) => services.AddSingleton<IReplySender, SmsReplySender>();
}
