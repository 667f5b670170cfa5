using Serverless940.Core.Notifications;

namespace Serverless940.Core.Tests.Notifications;

public sealed class SmsLengthTests
{
    [Theory]
    [InlineData("a", 160, false, 160, 1)]
    [InlineData("a", 161, false, 161, 2)]
    [InlineData("a", 306, false, 306, 2)]
    [InlineData("a", 307, false, 307, 3)]
    [InlineData("^", 80, false, 160, 1)]
    [InlineData("^", 81, false, 162, 2)]
    [InlineData("ا", 70, true, 70, 1)]
    [InlineData("ا", 71, true, 71, 2)]
    [InlineData("ا", 134, true, 134, 2)]
    [InlineData("ا", 135, true, 135, 3)]
    [InlineData("😀", 35, true, 70, 1)]
    [InlineData("😀", 36, true, 72, 2)]
    [InlineData("١", 71, true, 71, 2)]
    public void Texts_are_counted_as_3GPP_says(string letter, int times, bool unicode, int units, int segments) =>
        Assert.Equal(new SmsLength(unicode, units, segments), SmsLength.Of(string.Concat(Enumerable.Repeat(letter, times))));

    [Fact]
    public void One_letter_outside_of_the_alphabet_turns_the_whole_text_to_two_bytes()
    {
        Assert.Equal(new SmsLength(true, 70, 1), SmsLength.Of(new string('a', 69) + "ا"));
        Assert.Equal(new SmsLength(true, 71, 2), SmsLength.Of(new string('a', 70) + "ا"));
        Assert.Equal(new SmsLength(false, 0, 1), SmsLength.Of(""));
    }

    [Theory]
    [InlineData("Ç", false)]
    [InlineData("ç", true)]
    [InlineData("é", false)]
    [InlineData("ê", true)]
    [InlineData("Ω", false)]
    [InlineData("`", true)]
    [InlineData("…", true)]
    [InlineData("’", true)]
    [InlineData("\t", true)]
    [InlineData("\r\n", false)]
    public void Some_letters_cost_the_whole_text(string letter, bool unicode) => Assert.Equal(unicode, SmsLength.Of(letter).Unicode);

    [Theory]
    [InlineData(67, 2)]
    [InlineData(66, 3)] // the pair would end the first of two: it moves on, and the last unit no longer fits
    public void A_pair_never_straddles_two_segments(int before, int segments)
    {
        var text = new string('ا', before) + "😀" + new string('ا', 134 - before - 2);

        Assert.Equal(134, text.Length);
        Assert.Equal(segments, SmsLength.Of(text).Segments);
    }

    [Theory]
    [InlineData(153, 2)]
    [InlineData(152, 3)]
    public void An_escaped_letter_never_straddles_two_segments(int before, int segments)
    {
        var text = new string('a', before) + "€" + new string('a', 306 - before - 2);

        Assert.Equal(new SmsLength(false, 306, segments), SmsLength.Of(text));
    }
}
