using System.Buffers.Binary;

namespace Serverless940.Core.Photos;

/// <summary>Names a file's format by its first bytes; neither its name nor the sender's content type counts.</summary>
public static class MediaSniffer
{
    /// <summary>More bytes than this are never looked at.</summary>
    public const int HeadLength = 64;

    /// <summary>The format of a file that starts with <paramref name="head"/>, or <see cref="MediaType.Unknown"/>.
    /// A hint only: what follows is checked while it is rewritten.</summary>
    public static MediaType Sniff(ReadOnlySpan<byte> head)
    {
        head = head[..Math.Min(head.Length, HeadLength)];
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return MediaType.Jpeg;
        }

        if (head.StartsWith(PngRewriter.Signature))
        {
            return MediaType.Png;
        }

        if (head.Length >= 12 && head.StartsWith("RIFF"u8))
        {
            return head[8..12].SequenceEqual("WEBP"u8) ? MediaType.WebP
                : head[8..12].SequenceEqual("WAVE"u8) ? MediaType.Wav
                : MediaType.Unknown;
        }

        if (head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8))
        {
            return SniffBrands(head);
        }

        return SniffByPrefix(head);
    }

    private static MediaType SniffByPrefix(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8))
        {
            return MediaType.Gif;
        }

        if (head.StartsWith("%PDF-"u8))
        {
            return MediaType.Pdf;
        }

        if (head.StartsWith("OggS"u8))
        {
            return head.Length >= 36 && head[28..36].SequenceEqual("OpusHead"u8) ? MediaType.OggOpus : MediaType.Ogg;
        }

        if (head.StartsWith("#!AMR\n"u8))
        {
            return MediaType.Amr;
        }

        if (head.StartsWith("#!AMR-WB\n"u8))
        {
            return MediaType.AmrWideband;
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) && head.IndexOf("webm"u8) > 0)
        {
            return MediaType.Webm; // and not any Matroska: browsers play only this profile of it
        }

        if (head.StartsWith("ID3"u8) || MpegFrame.Mp3Length(head) > 0)
        {
            return MediaType.Mp3;
        }

        return MpegFrame.AdtsLength(head) > 0 ? MediaType.Aac : MediaType.Unknown;
    }

    private static MediaType SniffBrands(ReadOnlySpan<byte> head)
    {
        var type = SniffBrand(head[8..12]);
        if (type != MediaType.Unknown)
        {
            return type;
        }

        // Generic major brands (mif1, miaf) name the coding among the compatible ones.
        var end = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(head), (uint)head.Length);
        for (var at = 16; at + 4 <= end; at += 4)
        {
            type = SniffBrand(head.Slice(at, 4));
            if (type != MediaType.Unknown)
            {
                return type;
            }
        }

        return head[8..12].SequenceEqual("mif1"u8) || head[8..12].SequenceEqual("msf1"u8) ? MediaType.Heic : MediaType.Unknown;
    }

    private static MediaType SniffBrand(ReadOnlySpan<byte> brand) => BinaryPrimitives.ReadUInt32BigEndian(brand) switch
    {
        0x68656963 or 0x68656978 or 0x6865696D or 0x68656973 => MediaType.Heic, // heic heix heim heis
        0x68657663 or 0x68657678 or 0x6865766D or 0x68657673 => MediaType.Heic, // hevc hevx hevm hevs
        0x61766966 or 0x61766973 => MediaType.Avif, // avif avis
        0x4D344120 or 0x4D344220 or 0x4D345020 => MediaType.M4a, // M4A M4B M4P
        0x6D703431 or 0x6D703432 or 0x69736F6D or 0x64617368 or 0x4D534E56 or 0x71742020 => MediaType.Mp4, // mp41 mp42 isom dash MSNV qt
        0x4D345620 or 0x61766331 or 0x6D6D7034 => MediaType.Mp4, // M4V avc1 mmp4
        var other when other >> 8 == 0x69736F => MediaType.Mp4, // iso2 to iso9
        var other when other >> 8 is 0x336770 or 0x336732 => MediaType.ThreeGp, // 3gp? 3g2?
        _ => MediaType.Unknown,
    };
}
