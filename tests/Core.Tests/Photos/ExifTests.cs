using Serverless940.Core.Photos;
using Serverless940.Tests.Shared.Media;
using static Serverless940.Core.Tests.Photos.Rewriting;

namespace Serverless940.Core.Tests.Photos;

public sealed class ExifTests
{
    [Theory]
    [InlineData(26.4282, 50.0881)]
    [InlineData(-33.9, 18.4)]
    [InlineData(40.7, -74)]
    [InlineData(0, 50)]
    public async Task Position_is_read_in_both_byte_orders(double latitude, double longitude)
    {
        foreach (var exif in (ExifSample[])[ExifSample.LittleEndian(), ExifSample.BigEndian()])
        {
            var gps = (await ReadAsync(exif.At(latitude, longitude))).Gps!.Value;
            Assert.Equal(latitude, gps.Latitude, 5);
            Assert.Equal(longitude, gps.Longitude, 5);
        }
    }

    public static TheoryData<string, ExifSample> NoPositions => new()
    {
        { "zeros", ExifSample.LittleEndian().At(0, 0) },
        { "no denominator", Angles([26, 0, 1, 1, 1, 1], [50, 1, 0, 1, 0, 1]) },
        { "no seconds' denominator", Angles([26, 1, 1, 1, 0, 0], [50, 1, 0, 1, 0, 1]) },
        { "out of range", Angles([91, 1, 0, 1, 0, 1], [50, 1, 0, 1, 0, 1]) },
        { "beyond by minutes", Angles([90, 1, 1, 1, 0, 1], [50, 1, 0, 1, 0, 1]) },
        { "longitude out of range", Angles([26, 1, 0, 1, 0, 1], [181, 1, 0, 1, 0, 1]) },
        { "seventy minutes", Angles([26, 1, 70, 1, 0, 1], [50, 1, 0, 1, 0, 1]) },
        { "two numbers", Angles([26, 1, 1, 1], [50, 1, 0, 1, 0, 1]) },
        { "odd reference", ExifSample.LittleEndian().WithAngle(1, 2, "X", 26, 1, 0, 1, 0, 1).WithAngle(3, 4, "E", 50, 1, 0, 1, 0, 1) },
        { "latitude only", ExifSample.LittleEndian().WithAngle(1, 2, "N", 26, 1, 0, 1, 0, 1) },
        { "none", ExifSample.LittleEndian() },
    };

    [Theory]
    [MemberData(nameof(NoPositions))]
    public async Task An_implausible_position_is_none(string why, ExifSample exif)
    {
        ArgumentNullException.ThrowIfNull(exif);
        Assert.True((await ReadAsync(exif)).Gps is null, why);
    }

    [Theory]
    [InlineData("2026:03:01 14:05:09", true)]
    [InlineData("2026:13:01 14:05:09", false)]
    [InlineData("0000:00:00 00:00:00", false)]
    [InlineData("1904:01:01 00:00:00", false)]
    [InlineData("    :  :     :  :  ", false)]
    [InlineData("2026-03-01T14:05:09", false)]
    [InlineData("", false)]
    public async Task Capture_time_is_read_or_left(string text, bool valid) =>
        Assert.Equal(valid, (await ReadAsync(ExifSample.BigEndian().TakenAt(text))).TakenAt is not null);

    [Theory]
    [InlineData("+03:00", 180)]
    [InlineData("-04:30", -270)]
    [InlineData("Z", null)]
    [InlineData("+25:00", null)]
    public async Task The_offset_of_the_capture_time_is_read_or_left(string text, int? minutes) =>
        Assert.Equal(
            minutes is { } value ? TimeSpan.FromMinutes(value) : null,
            (await ReadAsync(ExifSample.BigEndian().TakenAt("2026:03:01 14:05:09", text))).TakenAtOffset);

    [Theory]
    [InlineData(0x8825u)]
    [InlineData(0x8769u)]
    public async Task Hostile_offsets_and_counts_lead_nowhere(ushort pointer)
    {
        foreach (var offset in (uint[])[0, 1, 8, 9, 200, 0x7FFFFFFF, 0xFFFFFFF0, 0xFFFFFFFF])
        {
            foreach (var count in (uint[])[0, 1, 2, 0x20000000, 0x7FFFFFFF, 0xFFFFFFFF])
            {
                var exif = ExifSample.LittleEndian().WithField(pointer, 4, count, BitConverter.GetBytes(offset));
                Assert.Null((await ReadAsync(exif)).Gps);
            }
        }
    }

    [Fact]
    public async Task A_field_with_a_hostile_count_or_place_is_not_there()
    {
        foreach (var type in (ushort[])[0, 1, 2, 3, 4, 5, 12, 0xFFFF])
        {
            foreach (var count in (uint[])[0, 3, 0x10000001, 0x80000001, 0xFFFFFFFF])
            {
                var exif = ExifSample.LittleEndian().WithField(0x0112, type, count, [0xF0, 0xFF, 0xFF, 0xFF]);
                Assert.NotNull(await ReadAsync(exif));
            }
        }
    }

    [Fact]
    public async Task An_orientation_that_does_not_exist_is_not_written()
    {
        var file = JpegSample.Build(8, 8, JpegSample.Exif(ExifSample.LittleEndian().WithOrientation(9)));
        Assert.Equal(JpegSample.Build(8, 8), (await AcceptAsync(file)).Output);
    }

    [Fact]
    public async Task Exif_cut_at_every_byte_is_read_as_far_as_it_goes()
    {
        var exif = ExifSample.BigEndian().WithOrientation(6).TakenAt("2026:03:01 14:05:09").At(26.4, 50.1).Build();
        for (var length = 0; length < exif.Length; length++)
        {
            var segment = JpegSample.Segment(0xE1, [.. "Exif\0\0"u8, .. exif[..length]]);
            var (accepted, _) = await AcceptAsync(JpegSample.Build(8, 8, segment));
            Assert.Null(accepted.Gps);
        }
    }

    private static ExifSample Angles(uint[] latitude, uint[] longitude) =>
        ExifSample.LittleEndian().WithAngle(1, 2, "N", latitude).WithAngle(3, 4, "E", longitude);

    private static async Task<MediaResult.Accepted> ReadAsync(ExifSample exif) =>
        (await AcceptAsync(JpegSample.Build(8, 8, JpegSample.Exif(exif)))).Accepted;
}
