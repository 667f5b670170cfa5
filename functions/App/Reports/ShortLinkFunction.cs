using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reports;

/// <summary><c>GET /s/{code}</c>: opens a report's page from an SMS. One point read.</summary>
public sealed class ShortLinkFunction(ShortLinks links, ReportAccess access, IProblemPage problems)
{
    [Function("ShortLink")]
    [Access(Caller.AnyoneLimited)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "s/{code:length(11)}")] HttpRequest request,
        string code,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var found = code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? await links.FindAsync(code, cancellationToken)
            : null;
        if (found is not var (number, sourceHash))
        {
            return problems.Show(request, request.Problem("notFound"));
        }

        access.SetCookie(request, number, access.Token(number, sourceHash));
        return Results.Redirect("/r/" + number);
    }
}
