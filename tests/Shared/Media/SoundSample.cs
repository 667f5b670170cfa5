using System.Buffers.Binary;
using System.Text;

namespace Serverless940.Tests.Shared.Media;

/// <summary>Voice notes in the containers that phones, messengers and browsers send; the sound inside is only a pattern.</summary>
public static class SoundSample
{
    public static byte[] OggOpus(string comments = "", int pages = 3) =>
    [
        .. OggPage(2, "OpusHead\x01\x01\0\0\0\0\0\0\0\0\0"u8),
        .. OggPage(0, [.. "OpusTags"u8, .. Encoding.UTF8.GetBytes(comments), .. new byte[8]]),
        .. Enumerable.Range(0, pages).SelectMany(_ => OggPage(0, Pattern(200))),
    ];

    /// <summary>A page of one packet, or of a part of it when it is a multiple of 255 bytes long.</summary>
    public static byte[] OggPage(byte flags, ReadOnlySpan<byte> body)
    {
        byte[] lacing = [.. Enumerable.Repeat((byte)255, body.Length / 255), .. body.Length % 255 > 0 ? [(byte)(body.Length % 255)] : (byte[])[]];
        byte[] page = [.. "OggS"u8, 0, flags, .. new byte[20], (byte)lacing.Length, .. lacing, .. body];
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), OggCrc(page));
        return page;
    }

    /// <summary>The checksum bit by bit, as RFC 3533 words it.</summary>
    public static uint OggCrc(ReadOnlySpan<byte> page)
    {
        var crc = 0u;
        foreach (var value in page)
        {
            crc ^= (uint)value << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80000000) == 0 ? crc << 1 : (crc << 1) ^ 0x04C11DB7;
            }
        }

        return crc;
    }

    /// <summary>Narrow-band AMR at 12.2 kbit/s.</summary>
    public static byte[] Amr(int frames = 5) =>
        [.. "#!AMR\n"u8, .. Enumerable.Range(0, frames).SelectMany(_ => (byte[])[0x3C, .. Pattern(31)])];

    /// <summary>MPEG-1 layer III, 128 kbit/s, 44.1 kHz.</summary>
    public static byte[] Mp3Frames(int frames = 4) =>
        [.. Enumerable.Range(0, frames).SelectMany(_ => (byte[])[0xFF, 0xFB, 0x90, 0x00, .. Pattern(413)])];

    public static byte[] Id3(string text)
    {
        byte[] body = [.. "TIT2"u8, 0, 0, 0, (byte)(text.Length + 1), 0, 0, 0, .. Encoding.ASCII.GetBytes(text)];
        return [.. "ID3"u8, 4, 0, 0, 0, 0, (byte)(body.Length >> 7), (byte)(body.Length & 0x7F), .. body];
    }

    public static byte[] Adts(int frames = 4) =>
        [.. Enumerable.Range(0, frames).SelectMany(_ => (byte[])[0xFF, 0xF1, 0x50, 0x80, 107 >> 3, ((107 & 7) << 5) | 0x1F, 0xFC, .. Pattern(100)])];

    /// <summary>An MP4 whose tracks have these handlers (<c>soun</c>, <c>vide</c>), the index behind the data as recorders write it.</summary>
    public static byte[] Mp4(string brand, params string[] handlers) =>
    [
        .. HeifSample.Box("ftyp", [.. Encoding.ASCII.GetBytes(brand), 0, 0, 0, 0]),
        .. HeifSample.Box("mdat", Pattern(300)),
        .. HeifSample.Box("moov",
        [
            .. HeifSample.Box("mvhd", Pattern(100)),
            .. handlers.SelectMany(Track),
            .. HeifSample.Box("udta", "SECRET-PLACE"u8),
        ]),
        .. HeifSample.Box("uuid", "SECRET-UUID-OF-PHONE"u8),
    ];

    /// <summary>WebM as a browser records it: a segment and clusters of unknown size. 1 is a picture track, 2 a sound track.</summary>
    public static byte[] Webm(params byte[] trackTypes) =>
    [
        .. Element(0x1A45DFA3, [.. Element(0x4282, "webm"u8)]),
        .. Unknown(0x18538067),
        .. Element(0x1549A966, [.. Element(0x2AD7B1, [0x0F, 0x42, 0x40]), .. Element(0x7BA9, "SECRET-TITLE"u8)]),
        .. Element(0x1654AE6B, [.. trackTypes.SelectMany(type => Element(0xAE, [.. Element(0x83, [type]), .. Element(0x536E, "SECRET-NAME"u8)]))]),
        .. Element(0x1254C367, "SECRET-TAGS"u8),
        .. Unknown(0x1F43B675),
        .. Element(0xE7, [0]),
        .. Element(0xA3, Pattern(90)),
        .. Unknown(0x1F43B675),
        .. Element(0xE7, [20]),
        .. Element(0xA3, Pattern(90)),
    ];

    public static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(index => (byte)(1 + (index % 120)))];

    private static byte[] Track(string handler) => HeifSample.Box(
        "trak",
        [
            .. HeifSample.Box("tkhd", Pattern(84)),
            .. HeifSample.Box("mdia",
            [
                .. HeifSample.Box("mdhd", Pattern(24)),
                .. HeifSample.Box("hdlr", [0, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(handler), .. new byte[12], .. "SECRET-HANDLER\0"u8]),
                .. HeifSample.Box("minf", Pattern(40)),
            ]),
            .. HeifSample.Box("udta", "SECRET-TRACK"u8),
        ]);

    private static byte[] Id(uint id) =>
        [.. new[] { (byte)(id >> 24), (byte)(id >> 16), (byte)(id >> 8), (byte)id }.SkipWhile(value => value == 0)];

    private static byte[] Element(uint id, ReadOnlySpan<byte> body) =>
        [.. Id(id), (byte)(0x40 | (body.Length >> 8)), (byte)body.Length, .. body];

    private static byte[] Unknown(uint id) => [.. Id(id), 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
}
