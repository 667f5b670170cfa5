using Azure.Communication.Sms;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Policies;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;
using Serverless940.Functions.Platform.Storage;
using Serverless940.Functions.Platform.Telemetry;

namespace Serverless940.Functions.Platform;

/// <summary>What every feature stands on: settings, policy, one client a service, the pump.</summary>
public static class AppServices
{
    /// <exception cref="SettingsException">A setting or the policy stops the start; the message says which and why.</exception>
    public static IServiceCollection AddPlatform(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = AppSettings.Read(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(settings.Links);
        services.AddSingleton(settings.Sms);
        services.AddSingleton(settings.WhatsApp);
        services.AddSingleton(settings.Messenger);
        services.AddSingleton(settings.X);
        services.AddSingleton(settings.Voice);
        services.AddSingleton(settings.EventGrid);
        services.AddSingleton(settings.Email);
        services.AddSingleton(settings.Privacy);
        services.AddSingleton(settings.RateLimit);
        services.AddSingleton(settings.Map);
        services.AddSingleton(settings.Staff);
        services.AddSingleton(ReadPolicy(settings.PolicyDirectory));
        services.AddSingleton(provider => StorageClients.Tables(configuration, provider.GetServices<HttpPipelinePolicy>()));
        services.AddSingleton(provider => StorageClients.Blobs(configuration, provider.GetServices<HttpPipelinePolicy>()));
        services.AddSingleton(_ => Bus(configuration));
        services.AddSingleton(provider => Sms(configuration, settings.Sms, provider.GetServices<HttpPipelinePolicy>()));
        services.AddSingleton<BusSender>();
        services.AddSingleton<MessagePump>();
        services.AddSingleton<PhoneHash>();
        services.AddSingleton<ReportAccess>();
        services.AddSingleton<StaffAuthentication>();
        services.AddSingleton<RequestLimiter>();
        services.AddSingleton<RefusedPermissions>();
        services.AddSingleton<StorageLayout>();
        services.AddTelemetryExport(configuration);
        return services;
    }

    private static Policy ReadPolicy(string folder)
    {
        var result = PolicyFolder.Read(folder);
        return result.Policy ?? throw new SettingsException(
            $"The policy in {folder} cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, result.Errors.Take(20))}");
    }

    private static ServiceBusClient Bus(IConfiguration configuration)
    {
        var options = new ServiceBusClientOptions
        {
            RetryOptions = { MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(200), TryTimeout = TimeSpan.FromSeconds(10) },
        };
        if (configuration[Names.BusConnection] is { Length: > 0 } connection)
        {
            return new ServiceBusClient(connection, options);
        }

        return new ServiceBusClient(configuration[Names.BusConnection + ":fullyQualifiedNamespace"], StorageClients.Identity(configuration), options);
    }

    // The queue has the patience, so the client tries only once more by itself.
    private static SmsClient Sms(IConfiguration configuration, SmsSettings settings, IEnumerable<HttpPipelinePolicy> policies)
    {
        var options = new SmsClientOptions { Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(200), NetworkTimeout = TimeSpan.FromSeconds(10) } };
        options.Diagnostics.IsLoggingEnabled = false;
        foreach (var policy in policies)
        {
            options.AddPolicy(policy, HttpPipelinePosition.PerRetry);
        }

        return settings.ConnectionString is { } connection
            ? new SmsClient(connection, options)
            : new SmsClient(settings.Endpoint!, StorageClients.Identity(configuration), options);
    }
}
