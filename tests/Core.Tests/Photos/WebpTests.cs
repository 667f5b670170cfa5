using System.Buffers.Binary;
using System.Text;
using Serverless940.Core.Photos;
using Serverless940.Tests.Shared.Media;
using static Serverless940.Core.Tests.Photos.Rewriting;

namespace Serverless940.Core.Tests.Photos;

public sealed class WebpTests
{
    private static readonly byte[] _exif = ExifSample.LittleEndian().WithOrientation(6).TakenAt("2026:03:01 14:05:09").At(26.4282, 50.0881).Build();

    [Fact]
    public async Task A_simple_webp_is_its_picture_and_nothing_else()
    {
        foreach (var picture in (byte[][])[RiffSample.LossyPicture, RiffSample.LosslessPicture])
        {
            byte[] file = [.. RiffSample.Riff("WEBP", picture, RiffSample.Chunk("XMP ", "SECRET"u8)), .. "SECRET-TAIL"u8];
            var (accepted, output) = await AcceptAsync(file);
            Assert.Equal((3, 2), (accepted.Width, accepted.Height));
            Assert.Equal(RiffSample.Riff("WEBP", picture), output);
        }
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(9)]
    public async Task An_extended_webp_has_its_metadata_blanked_in_place(int pieceLength)
    {
        byte[][] before = [RiffSample.Chunk("ICCP", new byte[51]), RiffSample.Chunk("SECR", "SECRET"u8)];
        byte[][] after = [RiffSample.Chunk("EXIF", _exif), RiffSample.Chunk("XMP ", "SECRET-XMP!"u8)];

        var (accepted, output) = await AcceptAsync([.. RiffSample.ExtendedWebp(0x2C, before, after), .. "SECRET-TAIL"u8], pieceLength);

        byte[] orientation = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, .. new byte[_exif.Length - 26]];
        byte[] expected = RiffSample.ExtendedWebp(
            0x28,
            [RiffSample.Chunk("ICCP", new byte[51]), RiffSample.Chunk("JUNK", new byte[6])],
            [RiffSample.Chunk("EXIF", orientation), RiffSample.Chunk("JUNK", new byte[11])]);
        Assert.Equal(expected, output);
        Assert.Equal(output.Length - 8, (int)BinaryPrimitives.ReadUInt32LittleEndian(output.AsSpan(4)));
        Assert.Equal(26.4282, accepted.Gps!.Value.Latitude, 5);
        Assert.Equal(new DateTime(2026, 3, 1, 14, 5, 9), accepted.TakenAt);
    }

    [Fact]
    public async Task Exif_that_no_flag_announces_is_read_and_blanked()
    {
        var (accepted, output) = await AcceptAsync(RiffSample.ExtendedWebp(0, [], [RiffSample.Chunk("EXIF", [.. "Exif\0\0"u8, .. _exif])]));
        Assert.Equal(50.0881, accepted.Gps!.Value.Longitude, 5);
        Assert.Equal(RiffSample.ExtendedWebp(0, [], [RiffSample.Chunk("JUNK", new byte[_exif.Length + 6])]), output);
    }

    [Fact]
    public async Task Only_the_first_exif_and_the_first_picture_count()
    {
        var file = RiffSample.ExtendedWebp(
            8, [], [RiffSample.Chunk("EXIF", "SECRET"u8), RiffSample.Chunk("EXIF", _exif), RiffSample.Chunk("VP8 ", "SECRET"u8)]);
        var (accepted, output) = await AcceptAsync(file);
        Assert.Null(accepted.Gps);
        Assert.Equal(file.Length, output.Length);
        Assert.Equal(2, Encoding.Latin1.GetString(output).Split("JUNK").Length - 1);
    }

    [Fact]
    public async Task An_animation_is_refused_with_advice()
    {
        byte[][] animations =
        [
            RiffSample.ExtendedWebp(0x02, [], []),
            RiffSample.ExtendedWebp(0, [RiffSample.Chunk("ANIM", new byte[6])], []),
            RiffSample.ExtendedWebp(0, [RiffSample.Chunk("ANMF", new byte[16])], []),
        ];
        foreach (var file in animations)
        {
            var refused = await RefuseAsync(file);
            Assert.Equal((MediaRefusal.Unsupported, "webp-animated", true), (refused.Reason, refused.Detail, refused.SendAsJpeg));
        }
    }

    [Fact]
    public async Task A_canvas_of_too_many_pixels_is_refused()
    {
        Assert.Equal(MediaRefusal.TooManyPixels, (await RefuseAsync(RiffSample.ExtendedWebp(0, [], [], 16_777_216, 16_777_216))).Reason);
        Assert.Equal(MediaRefusal.TooManyPixels, (await RefuseAsync(RiffSample.ExtendedWebp(0, [], [], 10_000, 10_000))).Reason);
        byte[] large = RiffSample.Riff("WEBP", RiffSample.Chunk("VP8L", [0x2F, 0xFF, 0xFF, 0xFF, 0x0F, 0]));
        Assert.Equal(MediaRefusal.TooManyPixels, (await RefuseAsync(large)).Reason);
    }

    public static TheoryData<string, byte[]> Contradictions => new()
    {
        { "webp-canvas", RiffSample.ExtendedWebp(0, [], [], 4, 2) },
        { "webp-header", RiffSample.Riff("WEBP", RiffSample.Chunk("EXIF", new byte[10]), RiffSample.LossyPicture) },
        { "webp-no-picture", RiffSample.Riff("WEBP", RiffSample.Canvas(0, 3, 2)) },
        { "webp-picture", RiffSample.Riff("WEBP", RiffSample.Chunk("VP8L", [0x2E, 1, 2, 3, 4, 5])) },
        { "webp-picture", RiffSample.Riff("WEBP", RiffSample.Chunk("VP8 ", new byte[20])) },
        { "riff-chunk-size", RiffSample.Riff("WEBP", RiffSample.Canvas(0, 3, 2), [.. "VP8 "u8, 0xFF, 0xFF, 0xFF, 0xFF]) },
        { "riff-chunk-size", RiffSample.Riff("WEBP", [.. "VP8 "u8, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[12]]) },
        { "riff-size", [.. "RIFF\x04\0\0\0WEBPVP8 "u8, .. new byte[20]] },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public async Task What_contradicts_itself_is_malformed(string detail, byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var refused = await RefuseAsync(file);
        Assert.Equal((MediaRefusal.Malformed, detail), (refused.Reason, refused.Detail));
    }
}
