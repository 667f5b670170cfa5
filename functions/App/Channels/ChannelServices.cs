using Microsoft.Extensions.DependencyInjection;
using Serverless940.Functions.Channels.Email;
using Serverless940.Functions.Channels.Messenger;
using Serverless940.Functions.Channels.Meta;
using Serverless940.Functions.Channels.Sms;
using Serverless940.Functions.Channels.Voice;
using Serverless940.Functions.Channels.WhatsApp;
using Serverless940.Functions.Channels.X;
using Serverless940.Functions.Platform.Outbound;

namespace Serverless940.Functions.Channels;

/// <summary>The pipeline of all channels, and each channel's one registration.</summary>
public static class ChannelServices
{
    public static IServiceCollection AddChannels(this IServiceCollection services)
    {
        services.AddSingleton<Conversations>();
        services.AddSingleton<ChannelDoor>();
        services.AddSingleton<InboundHandler>();
        services.AddSingleton<SimilarInChat>();
        services.AddSingleton<ReplyStore>();
        services.AddSingleton<ReplyHandler>();
        services.AddSingleton<MediaFetcher>();
        return services.AddMeta().AddWhatsApp().AddMessenger().AddX().AddEmail().AddSms().AddVoice();
    }

    private static IServiceCollection AddMeta(this IServiceCollection services)
    {
        services.AddHttpClient(GraphApi.HttpName, client => client.Timeout = TimeSpan.FromSeconds(10)).ConfigurePrimaryHttpMessageHandler(WithoutRedirects);
        return services.AddSingleton<GraphApi>();
    }

    // A redirect would carry a token, or a call of ours, to wherever somebody likes.
    private static SocketsHttpHandler WithoutRedirects() => new() { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };

    private static IServiceCollection AddWhatsApp(this IServiceCollection services)
    {
        services.AddSingleton<WhatsAppClient>();
        services.AddSingleton<IOutboundSender>(provider => provider.GetRequiredService<WhatsAppClient>());
        services.AddSingleton<IReplySender>(provider => provider.GetRequiredService<WhatsAppClient>());
        services.AddSingleton<IMediaSource, WhatsAppMedia>();
        return services;
    }

    private static IServiceCollection AddMessenger(this IServiceCollection services)
    {
        services.AddSingleton<MessengerClient>();
        services.AddSingleton<IOutboundSender>(provider => provider.GetRequiredService<MessengerClient>());
        services.AddSingleton<IReplySender>(provider => provider.GetRequiredService<MessengerClient>());
        return services.AddSingleton<IMediaSource, MessengerMedia>();
    }

    private static IServiceCollection AddX(this IServiceCollection services)
    {
        services.AddHttpClient(XClient.HttpName, client => client.Timeout = TimeSpan.FromSeconds(10)).ConfigurePrimaryHttpMessageHandler(WithoutRedirects);
        services.AddSingleton<XClient>();
        services.AddSingleton<IOutboundSender>(provider => provider.GetRequiredService<XClient>());
        services.AddSingleton<IReplySender>(provider => provider.GetRequiredService<XClient>());
        return services.AddSingleton<IMediaSource, XMedia>();
    }

    private static IServiceCollection AddEmail(this IServiceCollection services)
    {
        services.AddSingleton<MailFiles>();
        services.AddSingleton<IMediaSource>(provider => provider.GetRequiredService<MailFiles>());
        return services.AddSingleton<IReplySender, EmailReplySender>();
    }

    private static IServiceCollection AddVoice(this IServiceCollection services)
    {
        services.AddHttpClient(VoiceClient.HttpName, client => client.Timeout = TimeSpan.FromSeconds(10)).ConfigurePrimaryHttpMessageHandler(WithoutRedirects);
        services.AddSingleton<VoiceSignature>();
        services.AddSingleton<VoiceAddresses>();
        services.AddSingleton<CallStore>();
        services.AddSingleton<CallHandler>();
        services.AddSingleton<VoiceCalls>();
        services.AddSingleton<IOutboundSender, VoiceClient>();
        services.AddSingleton<IMediaSource, VoiceMedia>();
        return services;
    }

    private static IServiceCollection AddSms(this IServiceCollection services) => services.AddSingleton<SmsEvents>().AddSingleton<IReplySender, SmsReplySender>();
}
