using Microsoft.Extensions.Configuration;

namespace Serverless940.Functions.Platform.Settings;

/// <summary>Tells Azure from one machine by what the platform sets for every app.</summary>
public static class AzureHost
{
    // Plans differ: Flex Consumption sets no instance id, which the older ones do; the site's name they all set.
    private static readonly string[] Marks = ["WEBSITE_SITE_NAME", "WEBSITE_INSTANCE_ID", "WEBSITE_POD_NAME"];

    public static bool IsHere(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Marks.Any(mark => !string.IsNullOrEmpty(configuration[mark]));
    }
}
