using System.Text.Json;
using System.Xml;
using Microsoft.AspNetCore.Http;

namespace Serverless940.Local.Simulators.Control;

/// <summary>Reads the small JSON bodies of the control routes.</summary>
internal static class ControlBody
{
    internal static async Task<T?> ReadAsync<T>(HttpContext http)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(http.Request.Body, Wire.Json, http.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An ISO 8601 duration between nothing and <paramref name="most"/>.</summary>
    internal static TimeSpan? Duration(string? text, TimeSpan most)
    {
        try
        {
            return text is not null && XmlConvert.ToTimeSpan(text) is var duration && duration >= TimeSpan.Zero && duration <= most ? duration : null;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return null;
        }
    }
}
