using System.Text;
using Serverless940.Core.Channels;
using Serverless940.Core.Text;

namespace Serverless940.Core.Tests.Channels;

public sealed class LanguageGuessTests
{
    private static readonly IReadOnlyList<(string Language, string Text)> s_sentences = Read();

    [Fact]
    public void Sentences_are_read_in_their_language()
    {
        Assert.All(Languages.All, language => Assert.True(s_sentences.Count(row => row.Language == language.Code) >= 10, language.Code));

        var confusion = s_sentences
            .Select(row => (row.Language, Read: LanguageGuess.Of(row.Text), row.Text))
            .Where(row => row.Language != row.Read)
            .Select(row => $"{row.Language} read as {row.Read}: {row.Text}");

        Assert.Equal(string.Empty, string.Join('\n', confusion));
    }

    /// <summary>Whoever writes English after Urdu is answered in English: what was before only decides where nothing else does.</summary>
    [Fact]
    public void What_was_before_does_not_hide_what_is_written_now()
    {
        foreach (var before in Languages.All)
        {
            var confusion = s_sentences
                .Select(row => (row.Language, Read: LanguageGuess.Of(row.Text, before.Code), row.Text))
                .Where(row => row.Language != row.Read)
                .Select(row => $"after {before.Code}, {row.Language} read as {row.Read}: {row.Text}");
            Assert.Equal(string.Empty, string.Join('\n', confusion));
        }
    }

    [Theory]
    [InlineData("Pothole King Fahd", null, "en")]
    [InlineData("Pothole King Fahd", "fr", "fr")]
    [InlineData("Pothole King Fahd", "ur", "en")]
    [InlineData("الساحل", null, "ar")]
    [InlineData("الساحل", "fa", "fa")]
    [InlineData("الساحل", "tr", "ar")]
    public void Names_alone_leave_the_language_as_it_was_where_the_script_allows(string text, string? before, string expected) =>
        Assert.Equal(expected, LanguageGuess.Of(text, before));

    [Theory]
    [InlineData("")]
    [InlineData("940 ☎ 26.4282, 50.0881")]
    [InlineData("x")]
    [InlineData("Улица")]
    [InlineData("街道")]
    public void No_letters_of_ours_say_no_language(string text) => Assert.Null(LanguageGuess.Of(text, "ar"));

    [Theory]
    [InlineData("Bonjour", "fr")]
    [InlineData("merhaba", "tr")]
    [InlineData("Kumusta po", "fil")]
    [InlineData("Selamat pagi", "id")]
    [InlineData("नमस्ते", "hi")]
    [InlineData("السلام عليكم", "ar")]
    [InlineData("السلام علیکم", "ur")]
    [InlineData("hello", "en")]
    public void A_greeting_is_enough(string text, string language) => Assert.Equal(language, LanguageGuess.Of(text));

    private static List<(string Language, string Text)> Read()
    {
        using var stream = typeof(LanguageGuessTests).Assembly.GetManifestResourceStream("languages.tsv")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Select(row => (row[0], row[1]))];
    }
}
