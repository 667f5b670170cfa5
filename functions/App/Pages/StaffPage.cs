using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Pages;

/// <summary>
/// <c>GET /staff</c>: the staff's board (لوحة البلاغات). The page itself holds nothing; all that it shows it asks the API for,
/// which knows who asks.
/// </summary>
public sealed class StaffPage(MapSettings map, StaffSettings staff)
{
    private readonly PageTemplate _template = new("staff", new Dictionary<string, string> { ["signIn"] = staff.SignIn });

    [Function("StaffPage")]
    [Access(Caller.Anyone)]
    public IResult Show([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "staff")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return PageResults.Choice(request, "/staff") ?? PageResults.Page(request, _template.In(PageLanguage.Of(request)), map.TilesOrigin);
    }
}
