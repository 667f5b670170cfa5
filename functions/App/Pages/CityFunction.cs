using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using NetTopologySuite.Geometries;
using Serverless940.Core.Policies;
using Serverless940.Core.Text;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Pages;

/// <summary>
/// <c>GET /api/city</c>: what can be reported and where, as the policy says: categories with the words that speak for
/// them, and the municipalities' boundaries, which are the map when there are no tiles. Nothing in it is secret.
/// </summary>
public sealed class CityFunction(Policy policy)
{
    private readonly Asset _city = Assets.Packed("/api/city", "application/json; charset=utf-8", Build(policy));
    private readonly string _tag = $"W/\"{policy.Version}\"";

    [Function("City")]
    [Access(Caller.Anyone)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/city")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "public, max-age=300";
        headers.ETag = _tag;
        return request.Headers.IfNoneMatch.Any(tag => tag == _tag) ? Results.StatusCode(StatusCodes.Status304NotModified) : PageResults.Send(request, _city);
    }

    private static byte[] Build(Policy policy) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        name = Both(policy.City.Name),
        maxTextLength = policy.Intake.MaxTextLength,
        maxAttachments = policy.Intake.MaxAttachments,
        categories = policy.Categories.Values.OrderBy(category => category.Code, StringComparer.Ordinal).Select(category => new
        {
            code = category.Code,
            name = Both(category.Name),
            group = category.GroupName is { } group ? Both(group) : null,
            digit = category.KeypadDigit,
            proof = category.ProofRequired,
            terms = category.Terms.Select(term => new object[] { term.Text, term.Weight }),
        }),
        departments = policy.Departments.Values.OrderBy(department => department.Id, StringComparer.Ordinal).Select(department => new { id = department.Id, name = Both(department.Name) }),
        municipalities = policy.Municipalities.Values.OrderBy(municipality => municipality.Rank).Select(municipality => new
        {
            id = municipality.Id,
            name = Both(municipality.Name),
            boundary = municipality.Boundary is { } boundary ? Rings(boundary) : null,
        }),
        area = Rings(policy.City.Area),
    }, Options);

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private static object Both(LocalizedText text) => new { ar = text.In("ar"), en = text.In("en") };

    // GeoJSON's MultiPolygon coordinates; four decimals are eleven metres, enough for a background.
    private static double[][][][] Rings(Geometry geometry) =>
        [.. Enumerable.Range(0, geometry.NumGeometries).Select(geometry.GetGeometryN).OfType<Polygon>()
            .Select(polygon => new[] { polygon.ExteriorRing }.Concat(polygon.InteriorRings)
                .Select(ring => ring.Coordinates.Select(point => new[] { Math.Round(point.X, 4), Math.Round(point.Y, 4) }).ToArray()).ToArray())];
}
