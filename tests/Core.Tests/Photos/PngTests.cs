using Serverless940.Core.Photos;
using Serverless940.Tests.Shared.Media;
using static Serverless940.Core.Tests.Photos.Rewriting;

namespace Serverless940.Core.Tests.Photos;

public sealed class PngTests
{
    private static readonly byte[] _plain = PngSample.Build(16, 9, [], []);

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(11)]
    public async Task A_png_keeps_its_picture_and_loses_its_metadata(int pieceLength)
    {
        byte[][] before =
        [
            PngSample.Chunk("tEXt", "Author\0SECRET"u8),
            PngSample.Chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0SECRET"u8),
            PngSample.Chunk("zTXt", "Raw profile type exif\0\0SECRET"u8),
            PngSample.Chunk("eXIf", ExifSample.LittleEndian().TakenAt("2026:03:01 14:05:09").At(26.4282, 50.0881).Build()),
            PngSample.Chunk("acTL", new byte[8]),
            PngSample.Chunk("prVt", "SECRET"u8),
        ];
        byte[][] after = [PngSample.Chunk("tIME", new byte[7]), PngSample.Chunk("fdAT", "SECRET"u8)];

        var (accepted, output) = await AcceptAsync([.. PngSample.Build(16, 9, before, after), .. "PK SECRET-TAIL"u8], pieceLength);

        Assert.Equal(_plain, output);
        Assert.Equal((16, 9), (accepted.Width, accepted.Height));
        Assert.Equal(26.4282, accepted.Gps!.Value.Latitude, 5);
        Assert.Equal(new DateTime(2026, 3, 1, 14, 5, 9), accepted.TakenAt);
    }

    [Fact]
    public async Task A_turned_png_stays_turned()
    {
        var (_, output) = await AcceptAsync(
            PngSample.Build(16, 9, [], [PngSample.Chunk("eXIf", ExifSample.BigEndian().WithOrientation(6).At(26, 50).Build())]));

        byte[] orientation = PngSample.Chunk("eXIf", [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(PngSample.Build(16, 9, [], [orientation]), output);
    }

    [Fact]
    public async Task Chunks_that_say_how_to_show_the_picture_stay()
    {
        var file = PngSample.Build(
            16,
            9,
            [PngSample.Chunk("gAMA", [0, 0, 0xB1, 0x8F]), PngSample.Chunk("iCCP", "sRGB\0\0xyz"u8), PngSample.Chunk("tRNS", [0, 1])],
            []);
        Assert.Equal(file, (await AcceptAsync(file)).Output);
    }

    [Fact]
    public async Task A_colour_profile_beyond_all_measure_goes()
    {
        var file = PngSample.Build(16, 9, [PngSample.Chunk("iCCP", new byte[2_000_000])], []);
        Assert.Equal(_plain, (await AcceptAsync(file)).Output);
    }

    [Fact]
    public async Task A_long_exif_is_read_by_its_front()
    {
        byte[] exif = [.. ExifSample.LittleEndian().At(26.4282, 50.0881).Build(), .. new byte[700_000]];
        var (accepted, output) = await AcceptAsync(PngSample.Build(16, 9, [PngSample.Chunk("eXIf", exif)], []));
        Assert.Equal(50.0881, accepted.Gps!.Value.Longitude, 5);
        Assert.Equal(_plain, output);
    }

    [Fact]
    public async Task A_picture_of_a_billion_pixels_is_refused_by_its_header()
    {
        byte[] file = [.. PngSample.Signature, .. PngSample.Header(40_000, 25_000), .. PngSample.Data(8, 8), .. PngSample.Chunk("IEND", [])];
        var (result, output) = await RunAsync(file);
        Assert.Equal(MediaRefusal.TooManyPixels, Assert.IsType<MediaResult.Refused>(result).Reason);
        Assert.Empty(output);
    }

    public static TheoryData<string, byte[]> Contradictions => new()
    {
        { "png-header", [.. PngSample.Signature, .. PngSample.Data(8, 8), .. PngSample.Chunk("IEND", [])] },
        { "png-header", [.. PngSample.Signature, .. PngSample.Chunk("IHDR", [0, 0, 0, 8, 0, 0, 0, 8, 3, 0, 0, 0, 0])] },
        { "png-no-picture", [.. PngSample.Signature, .. PngSample.Header(8, 8), .. PngSample.Chunk("IEND", [])] },
        { "no-pixels", [.. PngSample.Signature, .. PngSample.Header(0, 8), .. PngSample.Data(8, 8), .. PngSample.Chunk("IEND", [])] },
        { "png-split-data", PngSample.Build(16, 9, [PngSample.Data(16, 9), PngSample.Chunk("tEXt", "a\0b"u8)], []) },
        { "png-chunk", PngSample.Build(16, 9, [PngSample.Chunk("t\0Xt", "a\0b"u8)], []) },
        { "png-chunk", [.. PngSample.Signature, .. PngSample.Header(8, 8), 0x80, 0, 0, 0, .. "IDAT"u8] },
        { "png-chunk-length", PngSample.Build(16, 9, [PngSample.Chunk("gAMA", new byte[5])], []) },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public async Task What_contradicts_itself_is_malformed(string detail, byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var refused = await RefuseAsync(file);
        Assert.Equal((MediaRefusal.Malformed, detail), (refused.Reason, refused.Detail));
    }

    [Fact]
    public async Task Every_bit_under_a_checksum_is_checked()
    {
        for (var at = 16; at < _plain.Length; at++)
        {
            byte[] file = [.. _plain];
            file[at] ^= 0x10;
            await RefuseAsync(file);
        }
    }

    [Fact]
    public async Task An_unknown_critical_chunk_is_refused_with_advice()
    {
        var refused = await RefuseAsync(PngSample.Build(16, 9, [PngSample.Chunk("CgBI", new byte[4])], []));
        Assert.Equal(MediaRefusal.Unsupported, refused.Reason);
        Assert.True(refused.SendAsJpeg);
    }
}
