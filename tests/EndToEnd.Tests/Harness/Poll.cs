using System.Diagnostics;
using System.Text.Json;

namespace Serverless940.EndToEnd.Tests.Harness;

/// <summary>Waits for what comes, with an end to patience.</summary>
internal static class Poll
{
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < (patience ?? TimeSpan.FromSeconds(60)), "waited in vain until " + what);
            await Task.Delay(25);
        }
    }
}

internal static class HttpAnswers
{
    /// <summary>The answer's JSON, or a failure with its text.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new InvalidOperationException($"{(int)response.StatusCode}: {text}");
        }
    }
}
