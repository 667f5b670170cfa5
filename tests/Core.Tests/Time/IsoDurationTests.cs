using Serverless940.Core.Time;

namespace Serverless940.Core.Tests.Time;

public sealed class IsoDurationTests
{
    [Theory]
    [InlineData("PT8H", "08:00:00")]
    [InlineData("PT90M", "01:30:00")]
    [InlineData("P1D", "1.00:00:00")]
    [InlineData("P2DT12H", "2.12:00:00")]
    [InlineData("P1W", "7.00:00:00")]
    [InlineData("PT1H30M10.5S", "01:30:10.5000000")]
    [InlineData("PT0S", "00:00:00")]
    public void Durations_are_read(string text, string expected) =>
        Assert.Equal(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), IsoDuration.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("8H")]
    [InlineData("P1Y")]
    [InlineData("P1M")]
    [InlineData("P8H")]
    [InlineData("PT1D")]
    [InlineData("-PT1H")]
    [InlineData("PT-1H")]
    [InlineData("PT1H1H")]
    [InlineData("PT1M1H")]
    [InlineData("P1W1D")]
    [InlineData("P1WT1H")]
    [InlineData("P1D1W")]
    [InlineData("PT1.5H")]
    [InlineData("PT1,5S")]
    [InlineData("PT.5S")]
    [InlineData("PT5.S")]
    [InlineData("PT1.12345678S")]
    [InlineData("PT1HT1M")]
    [InlineData("PT 1H")]
    [InlineData("pt1h")]
    [InlineData("PT1H ")]
    [InlineData("PT٨H")]
    [InlineData("P99999999D")]
    [InlineData("PT999999999999999999999999S")]
    public void Anything_else_is_refused(string? text)
    {
        Assert.False(IsoDuration.TryParse(text, out _));
        if (text is not null)
        {
            Assert.Contains(text, Assert.Throws<FormatException>(() => IsoDuration.Parse(text)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("PT8H", "PT8H")]
    [InlineData("PT90M", "PT1H30M")]
    [InlineData("PT24H", "P1D")]
    [InlineData("P1W", "P7D")]
    [InlineData("PT0.5S", "PT0.5S")]
    [InlineData("P0D", "PT0S")]
    [InlineData("P10DT1M", "P10DT1M")]
    public void Durations_are_written_in_their_shortest_form(string text, string expected) => Assert.Equal(expected, IsoDuration.Format(IsoDuration.Parse(text)));

    [Fact]
    public void What_is_written_is_read_back()
    {
        var random = new Random(940);
        for (var i = 0; i < 5000; i++)
        {
            var duration = TimeSpan.FromTicks(random.NextInt64(1L << random.Next(1, 63)));
            Assert.Equal(duration, IsoDuration.Parse(IsoDuration.Format(duration)));
        }

        Assert.Equal(TimeSpan.MaxValue, IsoDuration.Parse(IsoDuration.Format(TimeSpan.MaxValue)));
        Assert.Throws<ArgumentOutOfRangeException>(() => IsoDuration.Format(TimeSpan.FromTicks(-1)));
    }
}
