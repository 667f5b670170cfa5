using System.Security.Cryptography;
using System.Text;
using Serverless940.Core.Photos;
using Serverless940.Tests.Shared.Media;
using static Serverless940.Core.Tests.Photos.Rewriting;

namespace Serverless940.Core.Tests.Photos;

public sealed class MediaRewriterTests
{
    /// <summary>One of each, with everything in it that can be.</summary>
    private static readonly (string Name, byte[] File)[] _everything =
    [
        ("jpeg", JpegSample.FromPhone(26.4, 50.1, 6)),
        ("png", PngSample.Build(
            16, 9, [PngSample.Chunk("eXIf", ExifSample.LittleEndian().WithOrientation(3).At(26.4, 50.1).Build())], [PngSample.Chunk("tEXt", "a\0SECRET"u8)])),
        ("webp", RiffSample.Riff("WEBP", RiffSample.LossyPicture)),
        ("webp-extended", RiffSample.ExtendedWebp(
            0x0C, [], [RiffSample.Chunk("EXIF", ExifSample.LittleEndian().At(26.4, 50.1).Build()), RiffSample.Chunk("XMP ", "SECRET"u8)])),
        ("heic", HeifSample.FromPhone(26.4, 50.1).WithItem("grid", [0, 0, 0, 0, 2, 128, 1, 224], inner: true).Build()),
        ("ogg", SoundSample.OggOpus("ARTIST=SECRET")),
        ("amr", SoundSample.Amr()),
        ("mp3", [.. SoundSample.Id3("SECRET"), .. SoundSample.Mp3Frames()]),
        ("aac", SoundSample.Adts()),
        ("wav", RiffSample.Wav([1, 2, 3, 4], RiffSample.Chunk("LIST", "INFOSECRET"u8))),
        ("m4a", SoundSample.Mp4("M4A ", "soun")),
        ("webm", SoundSample.Webm(2)),
    ];

    [Fact]
    public async Task An_empty_file_is_empty_and_a_text_file_named_jpg_is_no_photo()
    {
        Assert.Equal(MediaRefusal.Empty, (await RefuseAsync([])).Reason);
        Assert.Equal(MediaRefusal.Unrecognised, (await RefuseAsync(Encoding.UTF8.GetBytes("عمود إنارة مكسور أمام المدرسة"))).Reason);
        Assert.Equal(MediaRefusal.Unrecognised, (await RefuseAsync([0xFF])).Reason);
    }

    [Fact]
    public async Task Known_formats_that_are_not_taken_say_so()
    {
        var gif = await RefuseAsync([.. "GIF89a"u8, .. new byte[50]]);
        Assert.Equal((MediaRefusal.Unsupported, true), (gif.Reason, gif.SendAsJpeg));
        var pdf = await RefuseAsync([.. "%PDF-1.7"u8, .. new byte[50]]);
        Assert.Equal((MediaRefusal.Unsupported, false, MediaKind.Document), (pdf.Reason, pdf.SendAsJpeg, pdf.Type.Kind));
    }

    [Fact]
    public async Task A_body_is_cut_at_the_limit_even_where_the_picture_ends_before()
    {
        var photo = JpegSample.Build(64, 48);
        Assert.IsType<MediaResult.Accepted>((await RunAsync(photo, new MediaLimits(photo.Length))).Result);
        Assert.Equal(MediaRefusal.TooLarge, (await RefuseAsync(photo, new MediaLimits(photo.Length - 1))).Reason);
        Assert.Equal(MediaRefusal.TooLarge, (await RefuseAsync([.. photo, .. new byte[500_000]], new MediaLimits(400_000))).Reason);
    }

    [Fact]
    public async Task Hashes_are_of_the_bytes_read_and_of_the_bytes_written()
    {
        byte[] input = [.. JpegSample.FromPhone(26, 50), .. new byte[300_000]];
        var (result, output) = await RunAsync(input, Limits with { Hashes = MediaHashes.Input | MediaHashes.Output });
        var accepted = Assert.IsType<MediaResult.Accepted>(result);
        Assert.Equal(SHA256.HashData(input), accepted.Sha256OfInput);
        Assert.Equal(SHA256.HashData(output), accepted.Sha256OfOutput);
        Assert.Null((await AcceptAsync(input)).Accepted.Sha256OfInput);
    }

    [Fact]
    public async Task Cancellation_is_the_callers_and_not_a_refusal()
    {
        using var stream = new TrickleStream(JpegSample.Build(8, 8), 5);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => MediaRewriter.RewriteAsync(stream, Stream.Null, Limits, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Every_sample_is_taken_once_and_unchanged_the_second_time()
    {
        foreach (var (name, file) in _everything)
        {
            var (_, once) = await AcceptAsync(file);
            var (_, twice) = await AcceptAsync(once);
            Assert.True(once.AsSpan().SequenceEqual(twice), name);
        }
    }

    [Fact]
    public async Task A_photo_cut_at_any_byte_is_refused()
    {
        foreach (var (name, file) in _everything.Where(sample => MediaSniffer.Sniff(sample.File).Kind == MediaKind.Photo))
        {
            for (var length = 0; length < file.Length; length++)
            {
                var (result, _) = await RunAsync(file[..length]);
                Assert.True(result is MediaResult.Refused, $"{name} cut at {length}: {result}");
            }
        }
    }

    [Fact]
    public async Task Sound_cut_at_any_byte_is_refused_or_shorter()
    {
        foreach (var (name, file) in _everything)
        {
            for (var length = 0; length < file.Length; length++)
            {
                var (_, output) = await RunAsync(file[..length]);
                Assert.True(output.Length <= length, $"{name} cut at {length}");
            }
        }
    }

    /// <summary>Seeded mutations: flipped bytes, hostile numbers, pieces cut out, doubled or swapped between formats.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Damaged_files_end_in_a_result_and_never_grow(int seed)
    {
        var random = new Random(seed);
        var accepted = 0;
        for (var round = 0; round < 6000; round++)
        {
            var file = Damage(_everything[round % _everything.Length].File, random);
            var (result, output) = await RunAsync(file, new MediaLimits(1_000_000), 1 + random.Next(400));
            Assert.True(output.Length <= file.Length + 64, $"{result} grew from {file.Length} to {output.Length}");
            accepted += result is MediaResult.Accepted ? 1 : 0;
        }

        Assert.InRange(accepted, 1, 6000);
    }

    private static byte[] Damage(byte[] file, Random random)
    {
        byte[] bytes = [.. file];
        for (var times = 1 + random.Next(4); times > 0; times--)
        {
            var at = random.Next(bytes.Length);
            var length = Math.Min(bytes.Length - at, 1 + random.Next(40));
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.AsSpan(at, Math.Min(4, length)).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0);
                    break;
                case 3 when bytes.Length > 80:
                    bytes = [.. bytes[..at], .. bytes[(at + length)..]];
                    break;
                case 4:
                    bytes = [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
                    break;
                default:
                    var other = _everything[random.Next(_everything.Length)].File;
                    var from = random.Next(other.Length);
                    bytes = [.. bytes[..at], .. other[from..Math.Min(other.Length, from + length)], .. bytes[at..]];
                    break;
            }

            bytes = bytes.Length == 0 ? [0] : bytes;
        }

        return bytes;
    }
}
