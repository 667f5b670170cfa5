using Serverless940.Core.Photos;
using Serverless940.Tests.Shared.Media;
using static Serverless940.Core.Tests.Photos.Rewriting;

namespace Serverless940.Core.Tests.Photos;

public sealed class JpegTests
{
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_phone_photo_keeps_its_picture_and_loses_its_metadata(int pieceLength)
    {
        var (accepted, output) = await AcceptAsync(JpegSample.FromPhone(26.4282, 50.0881), pieceLength);

        Assert.Equal(MediaType.Jpeg, accepted.Type);
        Assert.Equal((64, 48), (accepted.Width, accepted.Height));
        Assert.Equal(26.4282, accepted.Gps!.Value.Latitude, 5);
        Assert.Equal(50.0881, accepted.Gps!.Value.Longitude, 5);
        Assert.Equal(new DateTime(2026, 3, 1, 14, 5, 9), accepted.TakenAt);
        Assert.Equal(TimeSpan.FromHours(3), accepted.TakenAtOffset);
        Assert.Equal(JpegSample.Build(64, 48, JpegSample.Jfif), output);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(8)]
    public async Task A_turned_photo_stays_turned(int orientation)
    {
        var (_, output) = await AcceptAsync(JpegSample.FromPhone(26, 50, orientation));

        byte[] exif = [.. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(JpegSample.Build(64, 48, JpegSample.Jfif, JpegSample.Segment(0xE1, exif)), output);
    }

    [Fact]
    public async Task Rewriting_twice_changes_nothing_more()
    {
        var (_, once) = await AcceptAsync(JpegSample.FromPhone(26, 50, 6));
        var (accepted, twice) = await AcceptAsync(once);
        Assert.Equal(once, twice);
        Assert.Null(accepted.Gps);
    }

    [Fact]
    public async Task Thumbnails_second_pictures_and_what_is_glued_on_are_cut_off()
    {
        byte[] thumbnail = JpegSample.Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0x53, 0x45, 0x43]);
        byte[] index = JpegSample.Segment(0xE2, [.. "MPF\0"u8, .. "SECRET-INDEX"u8]);
        byte[] extension = JpegSample.Segment(0xE0, "JFXX\0SECRET-THUMB"u8);
        byte[] archive = [.. JpegSample.Build(8, 8), .. "PK\x03\x04 SECRET-ARCHIVE <script>alert(1)</script>"u8];

        var (_, output) = await AcceptAsync([.. JpegSample.Build(8, 8, thumbnail, extension, index), .. archive]);

        Assert.Equal(JpegSample.Build(8, 8, JpegSample.Jfif), output);
    }

    [Fact]
    public async Task Colour_profile_and_colour_transform_stay()
    {
        byte[] profile = JpegSample.Segment(0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. new byte[100]]);
        byte[] adobe = JpegSample.Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 1]);
        var file = JpegSample.Build(8, 8, profile, adobe);
        Assert.Equal(file, (await AcceptAsync(file)).Output);
    }

    [Fact]
    public async Task An_endless_colour_profile_is_cut()
    {
        var part = JpegSample.Segment(0xE2, [.. "ICC_PROFILE\0"u8, 1, 255, .. new byte[65_000]]);
        var file = JpegSample.Build(8, 8, [.. Enumerable.Repeat(part, 100)]);
        var kept = (1024 * 1024) / (part.Length - 4);
        Assert.Equal(JpegSample.Build(8, 8, [.. Enumerable.Repeat(part, kept)]), (await AcceptAsync(file)).Output);
    }

    [Fact]
    public async Task Several_scans_restart_markers_stuffing_and_fill_come_through()
    {
        byte[] scans =
        [
            0xFF, 0xD8,
            .. JpegSample.Head(16, 16, frame: 0xC2),
            1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4, 0xFF, 0xFF, 0, 5,
            0xFF, 0xFF, 0xFF, .. JpegSample.Segment(0xFE, "SECRET-BETWEEN-SCANS"u8)[1..],
            .. JpegSample.Segment(0xDA, [1, 1, 0, 0, 63, 0]),
            6, 7, 0xFF, 0xD7,
            0xFF, 0xD9,
        ];
        byte[] expected =
        [
            0xFF, 0xD8,
            .. JpegSample.Head(16, 16, frame: 0xC2),
            1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4, 0xFF, 0, 5,
            .. JpegSample.Segment(0xDA, [1, 1, 0, 0, 63, 0]),
            6, 7, 0xFF, 0xD7,
            0xFF, 0xD9,
        ];

        foreach (var pieceLength in (int[])[1, 2, 3, 5, int.MaxValue])
        {
            Assert.Equal(expected, (await AcceptAsync(scans, pieceLength)).Output);
        }
    }

    [Fact]
    public async Task A_scan_of_nothing_but_fill_ends_in_a_refusal_and_not_in_a_loop()
    {
        byte[] file = [0xFF, 0xD8, .. JpegSample.Head(8, 8), .. Enumerable.Repeat((byte)0xFF, 700_000)];
        Assert.Equal(MediaRefusal.Truncated, (await RefuseAsync(file)).Reason);
    }

    [Theory]
    [InlineData(0, 8, MediaRefusal.Malformed)]
    [InlineData(8, 0, MediaRefusal.Malformed)]
    [InlineData(50_000, 50_000, MediaRefusal.TooManyPixels)]
    [InlineData(10_000, 5_001, MediaRefusal.TooManyPixels)]
    public async Task Dimensions_are_refused_before_any_pixel_is_copied(int width, int height, MediaRefusal reason)
    {
        byte[] file = [0xFF, 0xD8, .. JpegSample.Head(width, height), .. new byte[500_000], 0xFF, 0xD9];
        var (result, output) = await RunAsync(file);
        Assert.Equal(reason, Assert.IsType<MediaResult.Refused>(result).Reason);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Fifty_megapixels_are_just_taken()
    {
        var (accepted, _) = await AcceptAsync(JpegSample.Build(10_000, 5_000));
        Assert.Equal((10_000, 5_000), (accepted.Width, accepted.Height));
    }

    public static TheoryData<string, byte[]> Contradictions => new()
    {
        { "jpeg-marker", [0xFF, 0xD8, 0xFF, 0xE0, 0, 2, 1, 2, 3] },
        { "jpeg-marker", [0xFF, 0xD8, 0xFF, 0xD8, 0, 2, 1, 2, 3] },
        { "jpeg-marker", [0xFF, 0xD8, 0xFF, 0x02, 0, 2, 1, 2, 3] },
        { "jpeg-segment-length", [0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 0, 0] },
        { "jpeg-no-picture", [0xFF, 0xD8, 0xFF, 0xD9] },
        { "jpeg-scan", [0xFF, 0xD8, .. JpegSample.Segment(0xDA, [1, 1, 0, 0, 63, 0]), 0xFF, 0xD9] },
        { "jpeg-frame", JpegSample.Build(8, 8, JpegSample.Segment(0xC0, [8, 0, 8, 0, 8, 1, 1, 0x11, 0])) },
        { "jpeg-frame", JpegSample.Build(8, 8, JpegSample.Segment(0xC0, [8, 0, 8, 0, 8, 9, 1, 0x11, 0])) },
        { "jpeg-table", JpegSample.Build(8, 8, JpegSample.Segment(0xDB, [0, 1, 2])) },
        { "jpeg-table", JpegSample.Build(8, 8, JpegSample.Segment(0xC4, [0, .. Enumerable.Repeat((byte)255, 300)])) },
        { "jpeg-table", JpegSample.Build(8, 8, JpegSample.Segment(0xC4, [0, 1])) },
        { "jpeg-restart-interval", JpegSample.Build(8, 8, JpegSample.Segment(0xDD, [1])) },
        { "jpeg-height", [.. JpegSample.Build(8, 8)[..^2], .. JpegSample.Segment(0xDC, [0xFF, 0xFF]), 0xFF, 0xD9] },
        { "jpeg-too-many-scans", [0xFF, 0xD8, .. JpegSample.Head(8, 8), .. Enumerable.Repeat(JpegSample.Segment(0xDA, [1, 1, 0, 0, 63, 0]), 200).SelectMany(scan => scan), 0xFF, 0xD9] },
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
    public async Task A_two_hundred_megabyte_photo_needs_no_more_memory_than_a_small_one()
    {
        byte[] head = [0xFF, 0xD8, .. JpegSample.Head(8000, 6000)];
        await MeasureAsync(new LongJpeg(head, 1_000_000));

        var (result, allocated) = await MeasureAsync(new LongJpeg(head, 200_000_000));

        Assert.Equal(200_000_000 + head.Length + 2, Assert.IsType<MediaResult.Accepted>(result).BytesOut);
        Assert.InRange(allocated, 0, 1_000_000);
    }

    private static async Task<(MediaResult Result, long Allocated)> MeasureAsync(Stream photo)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var task = MediaRewriter.RewriteAsync(photo, Stream.Null, new MediaLimits(300_000_000), CancellationToken.None);
        Assert.True(task.IsCompleted, "both streams answer at once, so all of it ran on this thread");
        return (await task, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>A JPEG made up while it is read, with a stuffed zero now and then as real data has.</summary>
    private sealed class LongJpeg(byte[] head, long scanLength) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, head.Length + scanLength + 2 - _position);
            var span = buffer.Span[..count];
            for (var index = 0; index < span.Length; index++, _position++)
            {
                var inScan = _position - head.Length;
                span[index] = inScan < 0 ? head[_position]
                    : inScan == scanLength ? (byte)0xFF
                    : inScan > scanLength ? (byte)0xD9
                    : inScan % 256 == 254 ? (byte)0xFF
                    : inScan % 256 == 255 ? (byte)0 : (byte)7;
            }

            return new(count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
