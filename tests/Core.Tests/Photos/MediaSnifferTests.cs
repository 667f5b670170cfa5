using System.Text;
using Serverless940.Core.Photos;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.Core.Tests.Photos;

public sealed class MediaSnifferTests
{
    public static TheoryData<string, byte[]> Formats => new()
    {
        { "image/jpeg", JpegSample.Build(8, 8) },
        { "image/png", PngSample.Build(8, 8, [], []) },
        { "image/webp", RiffSample.Riff("WEBP", RiffSample.LossyPicture) },
        { "image/heic", HeifSample.FromPhone(26, 50).Build() },
        { "image/avif", new HeifSample { Brand = "avif" }.WithItem("av01", [1]).Build() },
        { "image/avif", HeifSample.Box("ftyp", "mif1\0\0\0\0miafavif"u8) },
        { "image/gif", [.. "GIF89a"u8, .. new byte[20]] },
        { "application/pdf", [.. "%PDF-1.7"u8] },
        { "audio/ogg", SoundSample.OggOpus() },
        { "application/ogg", SoundSample.OggPage(2, "\x01vorbis12345"u8) },
        { "audio/amr", SoundSample.Amr() },
        { "audio/amr-wb", [.. "#!AMR-WB\n"u8] },
        { "audio/mpeg", SoundSample.Mp3Frames() },
        { "audio/mpeg", SoundSample.Id3("title") },
        { "audio/aac", SoundSample.Adts() },
        { "audio/mp4", SoundSample.Mp4("M4A ", "soun") },
        { "audio/wav", RiffSample.Wav([1, 2, 3]) },
        { "video/webm", SoundSample.Webm(2) },
        { "video/mp4", SoundSample.Mp4("isom", "vide") },
        { "video/3gpp", SoundSample.Mp4("3gp5", "vide") },
        { "application/octet-stream", Encoding.UTF8.GetBytes("عمود إنارة مكسور") },
        { "application/octet-stream", [.. "<!DOCTYPE html><script>"u8] },
        { "application/octet-stream", [0x1A, 0x45, 0xDF, 0xA3, .. "matroska"u8] },
        { "application/octet-stream", [.. "PK\x03\x04"u8] },
        { "application/octet-stream", [.. "RIFF\0\0\0\0AVI "u8] },
        { "application/octet-stream", [] },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_is_what_its_first_bytes_say(string contentType, byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Assert.Equal(contentType, MediaSniffer.Sniff(file).ContentType);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_head_of_any_length_is_looked_at_safely(string contentType, byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        for (var length = 0; length <= Math.Min(file.Length, 80); length++)
        {
            var type = MediaSniffer.Sniff(file.AsSpan(0, length));
            Assert.True(length < MediaSniffer.HeadLength || type.ContentType == contentType);
        }
    }

    [Fact]
    public void Every_format_has_a_content_type_and_an_extension_of_its_own()
    {
        var types = typeof(MediaType).GetFields().Where(field => field.IsStatic).Select(field => (MediaType)field.GetValue(null)!).ToList();
        Assert.Equal(Enum.GetValues<MediaFormat>().Order(), types.Select(type => type.Format).Order());
        Assert.All(types, type => Assert.Matches("^[a-z0-9]{2,4}$", type.Extension));
        Assert.Equal(types.Count, types.Select(type => type.ContentType).Distinct().Count());
    }
}
