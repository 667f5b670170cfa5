using Microsoft.AspNetCore.Http;

namespace Serverless940.Local.Simulators.WhatsApp;

/// <summary>A refusal of the Graph interface.</summary>
internal sealed record GraphError(int Code, string Message, string? Details = null, int Status = StatusCodes.Status400BadRequest)
{
    internal static GraphError Missing(string parameter) =>
        new(131008, "(#131008) Required parameter is missing", $"Parameter is missing: {parameter}.");

    internal static GraphError Invalid(string details) => new(131009, "(#131009) Parameter value is not valid", details);

    internal static GraphError Token { get; } =
        new(190, "Invalid OAuth access token - Cannot parse access token", Status: StatusCodes.Status401Unauthorized);

    internal static GraphError UnknownObject(string id) => new(
        100, $"Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation");

    internal IResult Result() => Wire.Ok(
        new
        {
            error = new
            {
                message = Message,
                type = "OAuthException",
                code = Code,
                error_data = Details is null ? null : new { messaging_product = "whatsapp", details = Details },
                fbtrace_id = "local",
            },
        },
        Status);
}
