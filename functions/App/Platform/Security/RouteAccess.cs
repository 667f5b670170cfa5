namespace Serverless940.Functions.Platform.Security;

/// <summary>Who may call a route. Every HTTP function declares one; a test lists them all.</summary>
public enum Caller
{
    /// <summary>Anyone, as often as they like.</summary>
    Anyone,

    /// <summary>Anyone, within the rate limit.</summary>
    AnyoneLimited,

    /// <summary>The holder of the report's token.</summary>
    ReportToken,

    /// <summary>The holder of the report's token, or staff whose scope covers it.</summary>
    ReportTokenOrStaff,

    /// <summary>A provider whose signature holds.</summary>
    Signature,

    /// <summary>A provider who knows the shared secret.</summary>
    SharedSecret,

    /// <summary>Signed-in staff.</summary>
    Staff,
}

/// <summary>Declares who may call the HTTP function that it marks.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AccessAttribute(Caller caller) : Attribute
{
    public Caller Caller { get; } = caller;

    /// <summary>For staff: the roles, of which one is enough; empty means any.</summary>
    public string[] Roles { get; init; } = [];
}
