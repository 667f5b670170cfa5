using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using Azure.Core.Pipeline;
using Azure.Core.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Serverless940.Local.Functions;

/// <summary>Puts one host together: settings, stand-ins, the app's services, HTTP and triggers.</summary>
internal sealed class LocalHostBuilder
{
    // Plans differ in what they set; the site's name is set by all.
    private static readonly string[] AzureVariables = ["WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME", "WEBSITE_POD_NAME"];

    private readonly WorkerPipeline _pipeline = new();
    private bool _hasWebApplication;
    private bool _hasBuilt;

    private LocalHostBuilder(string[] args, Assembly caller)
    {
        if (Array.Find(AzureVariables, name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))) is { } variable)
        {
            throw new LocalHostException($"{variable} is set: the local host never runs in Azure. Publish with -p:AzureSdk=true.");
        }

        Options = LocalHostOptions.Current;
        Arguments = LocalArguments.Parse(args);
        if (Listener.IsUsed(Arguments.Port))
        {
            // Told before anything is started for nothing.
            throw new LocalHostException($"Port {Arguments.Port} is in use; choose another with --port.");
        }

        var assemblies = FunctionAssemblies(Options, caller);
        IsProcess = assemblies.Contains(Assembly.GetEntryAssembly()!);
        AppFolder = Options.AppFolder ?? AppContext.BaseDirectory;
        CreateDataFolder(Arguments.DataFolder);
        DataLock = DataLock.Take(Arguments.DataFolder);

        Web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = assemblies[0].GetName().Name,
            ContentRootPath = AppFolder,
            EnvironmentName = Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT")
                ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
                ?? Environments.Development,
        });
        HostSettings = AddSettings();
        HostJson = HostJson.Load(Options.HostJson, AppFolder, Web.Configuration);
        Functions = FunctionFinder.Find(Options.FunctionTypes.Count > 0 ? Options.FunctionTypes : assemblies.SelectMany(assembly => assembly.GetTypes()));
        foreach (var function in Functions)
        {
            function.Disabled = IsTrue($"AzureWebJobs.{function.Name}.Disabled") || IsTrue($"AzureWebJobs:{function.Name}:Disabled");
        }

        var freePort = Arguments.Port == 0 ? Listener.TakeFreePort() : null;
        Context = new LocalHostContext
        {
            DataFolder = Arguments.DataFolder,
            Port = (freePort?.LocalEndPoint as IPEndPoint)?.Port ?? Arguments.Port,
            Clock = new LocalClock(Arguments.DataFolder),
            Faults = new LocalFaults(),
            SetSetting = (name, value) => HostSettings.Set(name, value),
            GetSetting = name => Web.Configuration[name],
        };
        StandIns = new StandIns(this);
        StandIns.Begin();
        AddServices(freePort);
        Extensions = Options.UseExtensions ? LocalExtensions.Find(AppContext.BaseDirectory) : [];
        foreach (var extension in Extensions)
        {
            extension.ConfigureServices(Context, Web.Services);
        }
    }

    public LocalHostOptions Options { get; }

    public LocalArguments Arguments { get; }

    public string AppFolder { get; }

    public DataLock DataLock { get; }

    /// <summary>Whether the app is the process, rather than something a test holds.</summary>
    public bool IsProcess { get; }

    public WebApplicationBuilder Web { get; }

    public HostSettingsSource HostSettings { get; }

    public HostJson HostJson { get; }

    public List<FunctionEntry> Functions { get; }

    public LocalHostContext Context { get; }

    public StandIns StandIns { get; }

    public IReadOnlyList<ILocalExtension> Extensions { get; }

    public bool ExitOnFailure => Options.ExitOnFailure ?? IsProcess;

    public static LocalHostBuilder Create(string[] args, Assembly caller)
    {
        try
        {
            return new LocalHostBuilder(args, caller);
        }
        catch (LocalHostException exception) when (LocalHostOptions.Current.ExitOnFailure ?? caller == Assembly.GetEntryAssembly())
        {
            Exit(exception);
            throw;
        }
    }

    /// <summary>Ends the process with the one line that says why.</summary>
    [DoesNotReturn]
    public static void Exit(Exception exception)
    {
        Console.Error.WriteLine(exception.Message.ReplaceLineEndings(" "));
        Environment.Exit(1);
    }

    public void Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        RefuseWhenBuilt();
        _pipeline.Use(middleware);
    }

    public void UseWebApplication()
    {
        if (_hasWebApplication)
        {
            return;
        }

        _hasWebApplication = true;
        _pipeline.Use(next => context => HttpFunctions.InvokeAsync(context, next));
        if (Functions.Exists(ReturnsActionResult))
        {
            // Costs a start some tens of milliseconds, so only an app that returns action results pays for it.
            Web.Services.AddMvcCore();
        }
    }

    /// <summary>A trigger's text with every <c>%Setting%</c> replaced.</summary>
    /// <exception cref="KeyNotFoundException">A setting is missing; the message is its name.</exception>
    public string Resolve(string text)
    {
        var parts = text.Split('%');
        for (var i = 1; i < parts.Length - 1; i += 2)
        {
            var value = Web.Configuration[parts[i].Replace("__", ":", StringComparison.Ordinal)];
            parts[i] = string.IsNullOrEmpty(value) ? throw new KeyNotFoundException(parts[i]) : value;
        }

        return parts.Length % 2 == 1 ? string.Concat(parts) : text;
    }

    public IHost Build()
    {
        RefuseWhenBuilt();
        _hasBuilt = true;
        if (!_hasWebApplication && Functions.Exists(function => function.Trigger is HttpTriggerAttribute))
        {
            throw new LocalHostException("HTTP functions need ConfigureFunctionsWebApplication().");
        }

        try
        {
            return new LocalHost(this, Web.Build());
        }
        catch (LocalHostException exception) when (ExitOnFailure)
        {
            Exit(exception);
            throw;
        }
    }

    private static Assembly[] FunctionAssemblies(LocalHostOptions options, Assembly caller)
    {
        if (options.FunctionAssemblies.Count > 0)
        {
            return [.. options.FunctionAssemblies];
        }

        return options.FunctionTypes.Count > 0 ? [options.FunctionTypes[0].Assembly] : [caller];
    }

    private static void CreateDataFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LocalHostException($"The data folder {folder} cannot be made: {exception.Message}", exception);
        }
    }

    private static bool ReturnsActionResult(FunctionEntry function)
    {
        var type = function.Method.ReturnType;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
        {
            type = type.GetGenericArguments()[0];
        }

        return function.Trigger is HttpTriggerAttribute && !typeof(IResult).IsAssignableFrom(type) && (type == typeof(object) || typeof(IActionResult).IsAssignableFrom(type));
    }

    // The order is func's: settings files become environment variables unless the environment has them already.
    private HostSettingsSource AddSettings()
    {
        var configuration = Web.Configuration;
        var values = LocalSettings.Load(Arguments.SettingsFile ?? Options.SettingsFile, AppFolder, Console.Out.WriteLine);
        if (IsProcess)
        {
            foreach (var (name, value) in values)
            {
                if (Environment.GetEnvironmentVariable(name) is null && !name.Contains(':', StringComparison.Ordinal))
                {
                    Environment.SetEnvironmentVariable(name, value);
                }
            }
        }

        configuration.SetBasePath(AppFolder);
        configuration.AddJsonFile("appsettings.json", optional: true, reloadOnChange: false);
        configuration.AddJsonFile($"appsettings.{Web.Environment.EnvironmentName}.json", optional: true, reloadOnChange: false);
        configuration.AddInMemoryCollection(WithColons(values));
        configuration.AddEnvironmentVariables();
        configuration.AddInMemoryCollection(WithColons(Options.Settings));
        configuration.AddCommandLine(Arguments.Rest);
        var host = new HostSettingsSource();
        ((IConfigurationBuilder)configuration).Add(host);
        return host;
    }

    private static IEnumerable<KeyValuePair<string, string?>> WithColons(IEnumerable<KeyValuePair<string, string?>> values) =>
        values.Select(value => KeyValuePair.Create(value.Key.Replace("__", ":", StringComparison.Ordinal), value.Value));

    private bool IsTrue(string name) => Web.Configuration[name] is { } value && (value == "1" || string.Equals(value, "true", StringComparison.OrdinalIgnoreCase));

    private void AddServices(Socket? freePort)
    {
        var services = Web.Services;
        var runtime = new LocalRuntime();
        services.AddSingleton(Context);
        services.AddSingleton(Context.Clock);
        services.AddSingleton<TimeProvider>(Context.Clock);
        services.AddSingleton(Context.Faults);
        services.AddSingleton(runtime);
        services.AddSingleton(_pipeline);
        services.AddSingleton(HostKeys.Load(Context.DataFolder));
        services.AddSingleton<FunctionRunner>();
        services.AddSingleton<HttpPipelinePolicy>(new FaultPolicy(Context.Faults, runtime, name => Web.Configuration[name]));
        services.AddRouting();
        services.AddOptions<JsonSerializerOptions>().Configure(options => options.PropertyNameCaseInsensitive = true);
        services.AddSingleton<IPostConfigureOptions<WorkerOptions>, SerializerDefault>();
        services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);

        // Handlers get 25 seconds of these; what is left is for closing files.
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));
        Web.Host.UseDefaultServiceProvider((context, options) => options.ValidateScopes = context.HostingEnvironment.IsDevelopment());
        AddLogging();
        Web.WebHost.UseKestrelCore().ConfigureKestrel(options => Listener.Configure(options, Arguments.Port, freePort));
        if (freePort is not null)
        {
            services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = endpoint =>
                endpoint.Equals(freePort.LocalEndPoint) ? freePort : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint));
        }

    }

    private void AddLogging()
    {
        Web.Logging.AddConfiguration(Web.Configuration.GetSection("Logging"));
        Web.Logging.SetMinimumLevel(LogLevel.Warning);
        foreach (var (category, level) in HostJson.Children("logging:logLevel"))
        {
            if (Enum.TryParse<LogLevel>(level, ignoreCase: true, out var parsed))
            {
                Web.Logging.AddFilter(string.Equals(category, "default", StringComparison.OrdinalIgnoreCase) ? null : category, parsed);
            }
        }

        Web.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss ";
            options.ColorBehavior = LoggerColorBehavior.Disabled;
        });

        // Their lines hold whole addresses with the query, and so would tokens and phones be in the log.
        Web.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        Web.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
    }

    private void RefuseWhenBuilt()
    {
        if (_hasBuilt)
        {
            throw new InvalidOperationException("The application has already been built.");
        }
    }

    private sealed class SerializerDefault(IOptions<JsonSerializerOptions> json) : IPostConfigureOptions<WorkerOptions>
    {
        public void PostConfigure(string? name, WorkerOptions options) => options.Serializer ??= new JsonObjectSerializer(json.Value);
    }
}
