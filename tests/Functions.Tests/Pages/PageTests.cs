using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Pages;

public sealed partial class PageTests(SharedApp shared) : IClassFixture<SharedApp>
{
    /// <summary>Bytes as they travel: what a phone on a slow network waits for before the page can be used.</summary>
    private const int MostOfFirstLoad = 150 * 1024;

    private AppFixture App => shared.App;

    [Theory]
    [InlineData("ar")]
    [InlineData("en")]
    public async Task A_first_visit_costs_at_most_150_kilobytes_without_the_map(string language)
    {
        var page = await GetAsync("/", language);
        Assert.Contains($"<html lang=\"{language}\" dir=\"{(language == "ar" ? "rtl" : "ltr")}\">", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("{t:", page.Text, StringComparison.Ordinal);
        // Pictures of letters come as one of the two languages' typefaces; the other's is not asked for.
        var seen = new Dictionary<string, int> { ["/"] = page.Bytes, ["/manifest.webmanifest"] = (await GetAsync("/manifest.webmanifest", language)).Bytes, ["/api/city"] = (await GetAsync("/api/city", language)).Bytes };
        var open = new Queue<string>(Addresses(page.Text));
        while (open.TryDequeue(out var address))
        {
            var unwanted = address.Contains("leaflet", StringComparison.Ordinal) || address.Contains("/map.", StringComparison.Ordinal)
                || address.Contains(language == "ar" ? "plex-latin" : "plex-arabic", StringComparison.Ordinal);
            if (unwanted || seen.ContainsKey(address))
            {
                continue;
            }

            var file = await GetAsync(address, language);
            Assert.Contains("immutable", file.Response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            seen[address] = file.Bytes;
            foreach (var mentioned in Addresses(file.Text))
            {
                open.Enqueue(mentioned);
            }
        }

        Assert.True(seen.Count > 10, string.Join(' ', seen.Keys));
        Assert.InRange(seen.Values.Sum(), 1, MostOfFirstLoad);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/staff")]
    public async Task A_page_runs_no_script_but_ours_and_no_other_site_may_show_it(string path)
    {
        var page = await GetAsync(path, "ar");
        var policy = page.Response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<script(?![^>]*(?:src=|type=""application/json""))|\son[a-z]+=|\sstyle=", page.Text);
    }

    [Fact]
    public async Task The_city_is_told_by_its_policy_and_not_twice_to_who_knows_it()
    {
        var city = await GetAsync("/api/city", "ar");
        using var json = JsonDocument.Parse(city.Text);
        Assert.Contains(json.RootElement.GetProperty("categories").EnumerateArray(), category =>
            category.GetProperty("code").GetString() == "lighting.pole" && category.GetProperty("name").GetProperty("ar").GetString()!.Contains("إنارة", StringComparison.Ordinal));
        Assert.Contains(json.RootElement.GetProperty("municipalities").EnumerateArray(), place => place.TryGetProperty("boundary", out var rings) && rings.GetArrayLength() > 0);
        // Who is responsible for what is public; how to reach them is not.
        Assert.DoesNotContain("+966", city.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("@", city.Text, StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/city");
        again.Headers.IfNoneMatch.Add(city.Response.Headers.ETag!);
        using var answer = await App.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
    }

    [Fact]
    public async Task Staff_are_told_what_their_role_may_do_and_strangers_nothing()
    {
        using var stranger = await App.Http.GetAsync("/api/staff/me");
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        using var field = await StaffDriver.SignInAsync(App, "field", "municipality:east-dammam");
        using var answer = await field.Http.GetAsync("/api/staff/me");
        var me = await AppFixture.JsonAsync(answer);
        var commands = me.GetProperty("commands").EnumerateArray().Select(name => name.GetString()).ToList();
        Assert.Contains("resolve", commands);
        Assert.DoesNotContain("verify", commands);
        Assert.False(me.GetProperty("keysIn").GetBoolean());
        Assert.Equal("east-dammam", Assert.Single(me.GetProperty("municipalities").EnumerateArray()).GetString());
        // Another municipality's teams are not his to name.
        Assert.DoesNotContain(me.GetProperty("teams").EnumerateArray(), team =>
            team.TryGetProperty("municipality", out var place) && place.ValueKind == JsonValueKind.String && place.GetString() != "east-dammam");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/staff")]
    public async Task Both_languages_say_the_same_things(string path)
    {
        var names = new Dictionary<string, string[]>();
        foreach (var language in new[] { "ar", "en" })
        {
            var page = await GetAsync(path, language);
            using var texts = JsonDocument.Parse(Texts().Match(page.Text).Groups[1].Value);
            names[language] = [.. texts.RootElement.EnumerateObject().Select(text => text.Name)];
            Assert.All(texts.RootElement.EnumerateObject(), text => Assert.False(string.IsNullOrWhiteSpace(text.Value.GetString())));
        }

        Assert.Equal(names["ar"], names["en"]);
    }

    private static IEnumerable<string> Addresses(string text) => Asset().Matches(text).Select(match => match.Value);

    private async Task<(HttpResponseMessage Response, string Text, int Bytes)> GetAsync(string path, string language)
    {
        var packed = await SendAsync("br");
        var plain = await SendAsync("identity");
        return (plain.Response, plain.Response.Content.Headers.ContentType!.MediaType == "font/woff2" ? string.Empty : System.Text.Encoding.UTF8.GetString(plain.Bytes), packed.Bytes.Length);

        async Task<(HttpResponseMessage Response, byte[] Bytes)> SendAsync(string encoding)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptLanguage.ParseAdd(language);
            request.Headers.AcceptEncoding.ParseAdd(encoding);
            var response = await App.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return (response, await response.Content.ReadAsByteArrayAsync());
        }
    }

    [GeneratedRegex(@"/assets/[a-z0-9.-]+\.(?:js|css|woff2|svg)")]
    private static partial Regex Asset();

    [GeneratedRegex(@"<script type=""application/json"" id=""texts"">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Texts();
}
