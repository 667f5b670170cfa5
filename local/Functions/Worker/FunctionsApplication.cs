using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless940.Local.Functions;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Where a function app begins.</summary>
public class FunctionsApplication
{
    // The caller's assembly is looked for functions, so the call must stay a call.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) =>
        new(LocalHostBuilder.Create(args, Assembly.GetCallingAssembly()));
}

/// <summary>Builds a function app.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly LocalHostBuilder _local;

    internal FunctionsApplicationBuilder(LocalHostBuilder local)
    {
        _local = local;
        Services.AddSingleton<IFunctionsWorkerApplicationBuilder>(this);
    }

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_local.Web).Properties;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    public ConfigurationManager Configuration => _local.Web.Configuration;

    public IHostEnvironment Environment => _local.Web.Environment;

    public ILoggingBuilder Logging => _local.Web.Logging;

    public IMetricsBuilder Metrics => _local.Web.Metrics;

    public IServiceCollection Services => _local.Web.Services;

    internal LocalHostBuilder Local => _local;

    public IHost Build() => _local.Build();

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull =>
        ((IHostApplicationBuilder)_local.Web).ConfigureContainer(factory, configure);

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _local.Use(middleware);
        return this;
    }
}

/// <summary>Lets HTTP functions work with ASP.NET Core's types.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Local.UseWebApplication();
        return builder;
    }
}
