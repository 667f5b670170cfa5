namespace Serverless940.EndToEnd.Tests.Harness;

/// <summary>A fact about SIGTERM, which Windows has no like of.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Windows cannot ask a process without a window to end.";
        }
    }
}
