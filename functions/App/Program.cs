using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Serverless940.Functions;
using Serverless940.Functions.Platform.Policies;
using Serverless940.Functions.Platform.Settings;

if (args is ["--check-policy", ..])
{
    if (args is [_, var folder])
    {
        return PolicyFolder.Check(folder, Console.Out);
    }

    await Console.Error.WriteLineAsync("--check-policy takes one folder.");
    return 1;
}

try
{
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.ConfigureFunctionsWebApplication();
    builder.AddServerless940();
    await builder.Build().RunAsync();
    return 0;
}
catch (SettingsException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
