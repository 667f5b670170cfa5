using System.Text.Json;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Core.Text;
using Serverless940.Functions.Pages;

namespace Serverless940.Functions.Tests.Pages;

public sealed class PageWordsTests
{
    [Fact]
    public void The_pages_that_follow_a_report_speak_every_language_of_ours()
    {
        var names = Read("ar").Keys.ToList();
        Assert.All(Enum.GetValues<ReportStatus>(), status => Assert.Contains("status." + JsonNamingPolicy.CamelCase.ConvertName(status.ToString()), names));
        foreach (var language in Languages.All)
        {
            var texts = Read(language.Code);
            Assert.Equal(names, texts.Keys);
            Assert.All(texts.Values, text => Assert.Equal(text, PlainText.Clean(text)));
            Assert.All(texts.Values, text => Assert.Equal(text, Digits.ToWestern(text)));
            Assert.Equal(language.Code, LanguageGuess.Of(string.Join(' ', texts.Values)));
        }
    }

    private static Dictionary<string, string> Read(string language)
    {
        using var stream = typeof(FollowPageFunctions).Assembly.GetManifestResourceStream($"Serverless940.Functions.Pages.texts.follow.{language}.json");
        Assert.True(stream is not null, "no follow." + language);
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }
}
