using System.Net;
using System.Text.RegularExpressions;

namespace Serverless940.Contract.Tests.Simulators;

public partial class HandsetPageTests
{
    [Theory]
    [InlineData("/local/handset", "text/html")]
    [InlineData("/local/handset/handset.css", "text/css")]
    [InlineData("/local/handset/handset.js", "text/javascript")]
    [InlineData("/local/handset/icon.svg", "image/svg+xml")]
    [InlineData("/local/chats", "text/html")]
    [InlineData("/local/chats/chats.css", "text/css")]
    [InlineData("/local/chats/chats.js", "text/javascript")]
    public async Task The_pages_files_come_with_a_strict_policy_and_from_here_alone(string path, string type)
    {
        await using var app = await SimulatedApp.StartAsync();

        using var response = await app.Client.GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.DoesNotMatch(ForeignReference(), await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/local/handset")]
    [InlineData("/local/chats")]
    public async Task The_page_speaks_Arabic_first_and_needs_nothing_inline(string path)
    {
        await using var app = await SimulatedApp.StartAsync();

        var page = await app.Client.GetStringAsync(path);

        Assert.Contains("<html lang=\"ar\" dir=\"rtl\">", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(Inline(), page);
    }

    [Theory]
    [InlineData("/local/handset", "/local/handset/handset.js")]
    [InlineData("/local/chats", "/local/chats/chats.js")]
    public async Task Every_word_of_the_page_is_there_in_both_languages(string address, string code)
    {
        await using var app = await SimulatedApp.StartAsync();
        var page = await app.Client.GetStringAsync(address);
        var script = await app.Client.GetStringAsync(code);
        var languages = script.Split("\n  en: {");
        var used = Word().Matches(page).Select(match => match.Groups[1].Value).Concat(ScriptWord().Matches(script).Select(match => match.Groups[1].Value)).Distinct();

        foreach (var word in used)
        {
            Assert.Matches($@"\b{word}: ", languages[0]);
            Assert.Matches($@"\b{word}: ", languages[1].Split("\n};")[0]);
        }
    }

    [GeneratedRegex(@"(src|href|url\(|import|fetch\()\s*=?\s*[""'(]?\s*(https?:)?//", RegexOptions.IgnoreCase)]
    private static partial Regex ForeignReference();

    [GeneratedRegex(@"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();

    [GeneratedRegex(@"data-(?:t|label|placeholder)=""([A-Za-z]+)""")]
    private static partial Regex Word();

    [GeneratedRegex(@"\bt\('([A-Za-z]+)'\)")]
    private static partial Regex ScriptWord();
}
