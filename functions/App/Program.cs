using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Serverless940.Functions;
using Serverless940.Functions.Platform.Policies;
using Serverless940.Functions.Platform.Settings;

if (args is ["--check-policy", var folder])
{
    return PolicyFolder.Check(folder, Console.Out);
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
