using Serverless940.Core.Photos;
using Serverless940.Tests.Shared.Media;
using static Serverless940.Core.Tests.Photos.Rewriting;

namespace Serverless940.Core.Tests.Photos;

public sealed class SoundTests
{
    private const int OggHeadLength = 28 + 19;

    [Fact]
    public async Task Voice_notes_without_tags_come_through_unchanged()
    {
        (byte[] File, MediaType Type)[] notes =
        [
            (SoundSample.OggOpus(), MediaType.OggOpus),
            (SoundSample.Amr(), MediaType.Amr),
            (SoundSample.Mp3Frames(), MediaType.Mp3),
            (SoundSample.Adts(), MediaType.Aac),
            (RiffSample.Wav([1, 2, 3]), MediaType.Wav),
        ];
        foreach (var (file, type) in notes)
        {
            foreach (var pieceLength in (int[])[1, 50, int.MaxValue])
            {
                var (accepted, output) = await AcceptAsync(file, pieceLength);
                Assert.Equal(type, accepted.Type);
                Assert.Equal(file, output);
                Assert.Null(accepted.Width);
            }
        }
    }

    [Fact]
    public async Task Tags_before_and_behind_mp3_and_aac_go()
    {
        byte[] tail = [.. "TAG"u8, .. "SECRET"u8, .. new byte[119]];
        var mp3 = await AcceptAsync([.. SoundSample.Id3("SECRET"), .. SoundSample.Mp3Frames(), .. tail]);
        Assert.Equal(SoundSample.Mp3Frames(), mp3.Output);

        var aac = await AcceptAsync([.. SoundSample.Id3("SECRET"), .. SoundSample.Adts()]);
        Assert.Equal(MediaType.Aac, aac.Accepted.Type);
        Assert.Equal(SoundSample.Adts(), aac.Output);
    }

    [Fact]
    public async Task Noise_between_frames_is_dropped_and_a_frame_cut_off_too()
    {
        var (_, output) = await AcceptAsync([.. SoundSample.Mp3Frames(2), 1, 2, 3, .. SoundSample.Mp3Frames(3)[..^5]]);
        Assert.Equal(SoundSample.Mp3Frames(4), output);
    }

    [Fact]
    public async Task Wav_tags_are_blanked_in_place()
    {
        var (_, output) = await AcceptAsync(RiffSample.Wav([1, 2, 3, 4], RiffSample.Chunk("LIST", "INFOSECRET"u8), RiffSample.Chunk("id3 ", "SECRET!"u8)));
        Assert.Equal(
            RiffSample.Wav([1, 2, 3, 4], RiffSample.Chunk("JUNK", new byte[10]), RiffSample.Chunk("JUNK", new byte[7])), output);
    }

    [Theory]
    [InlineData("M4A ", "audio/mp4")]
    [InlineData("isom", "audio/mp4")]
    [InlineData("iso5", "audio/mp4")]
    [InlineData("3gp4", "audio/3gpp")]
    public async Task Mp4_with_only_sound_is_a_voice_note_without_its_tags(string brand, string contentType)
    {
        var file = SoundSample.Mp4(brand, "soun");
        var (accepted, output) = await AcceptAsync(file);
        Assert.Equal((contentType, MediaKind.Audio), (accepted.Type.ContentType, accepted.Type.Kind));
        Assert.Equal(file.Length, output.Length);
        Assert.True(Contains(output, SoundSample.Pattern(300)));
    }

    [Theory]
    [InlineData("M4A ", "vide")]
    [InlineData("mp42", "soun,vide")]
    [InlineData("3gp5", "vide,soun")]
    [InlineData("qt  ", "soun,meta")]
    public async Task Anything_but_sound_in_an_mp4_is_refused(string brand, string handlers)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        var refused = await RefuseAsync(SoundSample.Mp4(brand, handlers.Split(',')));
        Assert.Equal((MediaRefusal.Unsupported, "video", false), (refused.Reason, refused.Detail, refused.SendAsJpeg));
    }

    [Fact]
    public async Task Webm_with_only_sound_is_a_voice_note_without_its_tags()
    {
        foreach (var pieceLength in (int[])[1, int.MaxValue])
        {
            var file = SoundSample.Webm(2);
            var (accepted, output) = await AcceptAsync(file, pieceLength);
            Assert.Equal("audio/webm", accepted.Type.ContentType);
            Assert.Equal(file.Length, output.Length);
            Assert.True(Contains(output, SoundSample.Pattern(90)));
        }
    }

    [Fact]
    public async Task A_picture_track_in_webm_is_refused()
    {
        Assert.Equal("video", (await RefuseAsync(SoundSample.Webm(1))).Detail);
        Assert.Equal("video", (await RefuseAsync(SoundSample.Webm(2, 1))).Detail);
    }

    [Fact]
    public async Task Other_sound_in_ogg_and_a_second_stream_are_refused()
    {
        Assert.Equal("ogg-not-opus", (await RefuseAsync(SoundSample.OggPage(2, "\x01vorbis12345"u8))).Detail);
        Assert.Equal("ogg-second-stream", (await RefuseAsync([.. SoundSample.OggOpus(), .. SoundSample.OggPage(2, "\x80theora"u8)])).Detail);
    }

    [Theory]
    [InlineData("ARTIST=SECRET")]
    [InlineData("LOCATION=SECRET; ARTIST=SECRET")]
    public async Task Comments_in_an_ogg_become_padding(string comments)
    {
        ArgumentNullException.ThrowIfNull(comments);
        var (_, output) = await AcceptAsync(SoundSample.OggOpus(comments));
        Assert.Equal(SoundSample.OggOpus(new string('\0', comments.Length)), output);
    }

    [Fact]
    public async Task Comments_as_long_as_a_cover_picture_become_padding_over_all_their_pages()
    {
        byte[] Note(byte value) =>
        [
            .. SoundSample.OggOpus()[..OggHeadLength],
            .. SoundSample.OggPage(0, [.. "OpusTags"u8, .. Enumerable.Repeat(value, (255 * 255) - 8)]),
            .. SoundSample.OggPage(1, [.. Enumerable.Repeat(value, 700)]),
            .. SoundSample.OggPage(0, SoundSample.Pattern(200)),
        ];
        Assert.Equal(Note(0), (await AcceptAsync(Note((byte)'S'))).Output);

        byte[] endless = [.. SoundSample.OggOpus()[..OggHeadLength], .. SoundSample.OggPage(0, [.. "OpusTags"u8, .. new byte[247]]), .. SoundSample.OggPage(1, new byte[255])];
        Assert.Equal(MediaRefusal.Truncated, (await RefuseAsync(endless)).Reason);
    }

    [Fact]
    public async Task Comments_that_share_their_page_with_sound_are_malformed()
    {
        byte[] page = [.. "OggS"u8, 0, 0, .. new byte[20], 2, 20, 30, .. "OpusTags"u8, .. new byte[42]];
        byte[] file = [.. SoundSample.OggOpus()[..OggHeadLength], .. page, .. SoundSample.OggPage(0, SoundSample.Pattern(200))];
        Assert.Equal((MediaRefusal.Malformed, "ogg-comments"), ((await RefuseAsync(file)).Reason, (await RefuseAsync(file)).Detail));
    }

    [Fact]
    public async Task What_is_glued_onto_an_ogg_is_cut_off() =>
        Assert.Equal(SoundSample.OggOpus(), (await AcceptAsync([.. SoundSample.OggOpus(), .. "PK SECRET"u8])).Output);
}
