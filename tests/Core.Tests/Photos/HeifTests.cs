using Serverless940.Core.Photos;
using Serverless940.Tests.Shared.Media;
using static Serverless940.Core.Tests.Photos.Rewriting;

namespace Serverless940.Core.Tests.Photos;

public sealed class HeifTests
{
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(13)]
    public async Task A_heic_photo_is_blanked_in_place(int pieceLength)
    {
        var file = HeifSample.FromPhone(26.4282, 50.0881).Build();

        var (accepted, output) = await AcceptAsync(file, pieceLength);

        Assert.Equal(MediaType.Heic, accepted.Type);
        Assert.Equal((640, 480), (accepted.Width, accepted.Height));
        Assert.Equal(26.4282, accepted.Gps!.Value.Latitude, 5);
        Assert.Equal(new DateTime(2026, 3, 1, 14, 5, 9), accepted.TakenAt);
        Assert.Equal(file.Length, output.Length);
        var picture = file.AsSpan().IndexOf(HeifSample.Pattern(500));
        Assert.Equal(HeifSample.Pattern(500), output[picture..(picture + 500)]);
        Assert.All(output[(picture + 500)..], value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task Exif_and_grids_inside_the_index_are_told_apart()
    {
        var file = new HeifSample()
            .WithItem("grid", [0, 0, 0, 0, 2, 128, 1, 224], inner: true)
            .WithExif(ExifSample.LittleEndian().At(26.4282, 50.0881), inner: true)
            .WithItem("mime", "SECRET"u8, inner: true)
            .WithItem("hvc1", HeifSample.Pattern(300))
            .Build();

        var (accepted, output) = await AcceptAsync(file);

        Assert.Equal(50.0881, accepted.Gps!.Value.Longitude, 5);
        Assert.True(Contains(output, [0, 0, 0, 0, 2, 128, 1, 224]));
        Assert.True(Contains(output, HeifSample.Pattern(300)));
    }

    [Fact]
    public async Task Exif_in_front_of_the_picture_is_read_too()
    {
        var file = new HeifSample { Brand = "avif" }
            .WithItem("av01", HeifSample.Pattern(10))
            .WithExif(ExifSample.LittleEndian().At(26.4282, 50.0881))
            .WithItem("av01", HeifSample.Pattern(400))
            .Build();

        var (accepted, output) = await AcceptAsync(file);

        Assert.Equal(MediaType.Avif, accepted.Type);
        Assert.NotNull(accepted.Gps);
        Assert.True(Contains(output, HeifSample.Pattern(400)));
    }

    [Fact]
    public async Task A_data_box_that_runs_to_the_end_is_cut_behind_the_picture()
    {
        var sample = HeifSample.FromPhone(26.4282, 50.0881);
        sample.OpenEnd = true;
        var (accepted, output) = await AcceptAsync([.. sample.Build(), .. "SECRET-VIDEO"u8]);
        Assert.NotNull(accepted.Gps);
        Assert.True(Contains(output, HeifSample.Pattern(500)));
    }

    [Fact]
    public async Task Boxes_and_bytes_of_no_picture_go()
    {
        byte[] file =
        [
            .. HeifSample.FromPhone(26, 50).WithMetaBox("xml ", "SECRET"u8).WithMetaBox("uuid", "SECRET"u8).Build(),
            .. HeifSample.Box("mpvd", "SECRET-VIDEO"u8),
            .. "SECRET-TRAILER"u8,
        ];
        var (_, output) = await AcceptAsync(file);
        Assert.Equal(HeifSample.FromPhone(26, 50).WithMetaBox("xml ", "SECRET"u8).WithMetaBox("uuid", "SECRET"u8).Build().Length, output.Length);
    }

    [Fact]
    public async Task A_metadata_item_that_covers_the_picture_takes_it_along()
    {
        // Blanking wins: a file cannot keep its EXIF by calling the same bytes a picture.
        var file = new HeifSample().WithItem("hvc1", HeifSample.Pattern(100)).WithExif(ExifSample.LittleEndian().At(26, 50)).Build();
        var location = file.AsSpan().IndexOf("iloc"u8) + 4 + 8;
        byte[] overlapping = [.. file];
        overlapping[location + 15] = 0xE0; // the picture's length now reaches into the EXIF
        await AcceptAsync(overlapping);
    }

    public static TheoryData<string, byte[]> Doubts => new()
    {
        { "heif-index-after-data", Last(HeifSample.FromPhone(26, 50)) },
        { "heif-sequence", [.. HeifSample.Box("ftyp", "heic\0\0\0\0"u8), .. HeifSample.Box("moov", [])] },
        { "heif-primary", new HeifSample().WithItem("jpeg", [1, 2, 3]).Build() },
        { "heif-no-picture", new HeifSample().WithItem("hvc1", [1, 2, 3], inner: true).Build() },
        { "heif-locations", new HeifSample().WithItem("hvc1", []).Build() },
        { "heif-index-too-large", HeifSample.FromPhone(26, 50).WithMetaBox("free", new byte[300_000]).Build() },
    };

    [Theory]
    [MemberData(nameof(Doubts))]
    public async Task A_structure_that_leaves_doubt_is_refused_with_advice_to_send_a_jpeg(string detail, byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var refused = await RefuseAsync(file);
        Assert.Equal((MediaRefusal.Unsupported, detail, true), (refused.Reason, refused.Detail, refused.SendAsJpeg));
    }

    [Fact]
    public async Task Too_many_pixels_are_refused_wherever_they_are_claimed()
    {
        var sized = new HeifSample { Width = 10_000, Height = 5_001 }.WithItem("hvc1", HeifSample.Pattern(50));
        Assert.Equal(MediaRefusal.TooManyPixels, (await RefuseAsync(sized.Build())).Reason);

        var property = HeifSample.FromPhone(26, 50).WithProperty("ispe", [0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0xC0, 0]);
        Assert.Equal(MediaRefusal.TooManyPixels, (await RefuseAsync(property.Build())).Reason);

        var grid = new HeifSample().WithItem("hvc1", HeifSample.Pattern(50)).WithItem("grid", [0, 0, 9, 9, 0xC0, 0, 0xC0, 0], inner: true);
        Assert.Equal(MediaRefusal.TooManyPixels, (await RefuseAsync(grid.Build())).Reason);
    }

    private static byte[] Last(HeifSample sample)
    {
        sample.IndexLast = true;
        return sample.Build();
    }
}
