using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless940.Functions.Board;
using Serverless940.Functions.Channels;
using Serverless940.Functions.Escalation;
using Serverless940.Functions.Health;
using Serverless940.Functions.Insights;
using Serverless940.Functions.Nearby;
using Serverless940.Functions.Notifications;
using Serverless940.Functions.Pages;
using Serverless940.Functions.Photos;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Media;
using Serverless940.Functions.Platform.Nearby;
using Serverless940.Functions.Platform.Outbound;
using Serverless940.Functions.Platform.Projections;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Settings;
using Serverless940.Functions.Platform.Storage;
using Serverless940.Functions.Reporters;
using Serverless940.Functions.Reports;

namespace Serverless940.Functions;

/// <summary>Puts the app together: the platform, then each feature.</summary>
public static class Startup
{
    public static FunctionsApplicationBuilder AddServerless940(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseMiddleware<RequestMiddleware>();
        var services = builder.Services;
        services.AddPlatform(builder.Configuration);
        services.AddSingleton<ReportStore>();
        services.AddSingleton<IReportFinder>(provider => provider.GetRequiredService<ReportStore>());
        services.AddSingleton<ReportIntake>();
        services.AddSingleton<ReportReader>();
        services.AddSingleton<ReportCommandHandler>();
        services.AddSingleton<CitizenCommands>();
        services.AddSingleton<IReportViews, ReportViews>();
        services.AddSingleton<IProblemPage, ProblemPage>();
        services.AddSingleton<IFollowerViews, FollowerViews>();
        services.AddSingleton<ShortLinks>();
        services.AddSingleton<IMediaStore, MediaStore>();
        services.AddSingleton<IAttachmentUpload, AttachmentUpload>();
        services.AddSingleton<HealthChecks>();
        services.AddSingleton<DueIndex>();
        services.AddSingleton<IReportProjection, DueProjection>();
        services.AddSingleton<NearbyIndex>();
        services.AddSingleton<INearbyReports>(provider => provider.GetRequiredService<NearbyIndex>());
        services.AddSingleton<IReportProjection, NearbyProjection>();
        services.AddSingleton<IRebuildable, NearbyProjection>();
        services.AddSingleton<IRebuildable, DueProjection>();
        services.AddSingleton<ReportDirectory>();
        services.AddSingleton<IReportProjection>(provider => provider.GetRequiredService<ReportDirectory>());
        services.AddSingleton(new SuggestionBudget(TimeSpan.FromMilliseconds(50)));
        services.AddSingleton<Suggestions>();
        services.AddSingleton<IChangeListener, FollowerNews>();
        services.AddSingleton<BoardIndex>();
        services.AddSingleton<IReportProjection, BoardProjection>();
        services.AddSingleton<ReporterIndex>();
        services.AddSingleton<IReportProjection, ReporterProjection>();
        services.AddSingleton<KpiStore>();
        services.AddSingleton<KpiReader>();
        services.AddSingleton<IReportProjection, KpiProjection>();
        services.AddSingleton<INotificationProjection, SmsProjection>();
        services.AddSingleton<NotificationStore>();
        services.AddSingleton<NotificationHandler>();
        services.AddSingleton<WavePace>();
        services.AddSingleton<WaveHandler>();
        services.AddSingleton<ReceiptHandler>();
        services.AddSingleton<UnprovenLimit>();
        services.AddSingleton<IOutboundSender, SmsSender>();
        services.AddHttpClient<PostmarkClient>(client => client.Timeout = TimeSpan.FromSeconds(10));
        services.AddSingleton<IOutboundSender, EmailSender>();
        services.AddChannels();
        // In Azure the templates make tables and containers; on one machine nobody else does.
        if (!AzureHost.IsHere(builder.Configuration))
        {
            services.AddHostedService<StorageLayoutStart>();
        }

        return builder;
    }
}
