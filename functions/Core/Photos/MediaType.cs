namespace Serverless940.Core.Photos;

/// <summary>What a file is for, decided by its bytes.</summary>
public enum MediaKind
{
    /// <summary>No format we know.</summary>
    Unknown,

    /// <summary>A still picture.</summary>
    Photo,

    /// <summary>A voice note or recording.</summary>
    Audio,

    /// <summary>Moving pictures: recognised so that the refusal can say so.</summary>
    Video,

    /// <summary>A document: recognised so that the refusal can say so.</summary>
    Document,
}

/// <summary>The formats told apart by <see cref="MediaSniffer"/>.</summary>
public enum MediaFormat
{
    Unknown,
    Jpeg,
    Png,
    WebP,
    Heic,
    Avif,
    Gif,
    Pdf,
    OggOpus,
    Ogg,
    Amr,
    AmrWideband,
    Mp3,
    Aac,
    M4a,
    Wav,
    Webm,
    Mp4,
    ThreeGp,
    ThreeGpAudio,
    WebmAudio,
}

/// <summary>A media format with its canonical content type and file extension.</summary>
/// <param name="Format">Which format.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="ContentType">The media type to store and serve it as, lower case, without parameters.</param>
/// <param name="Extension">The extension without the dot; never taken from the sender's file name.</param>
public sealed record MediaType(MediaFormat Format, MediaKind Kind, string ContentType, string Extension)
{
    public static readonly MediaType Unknown = new(MediaFormat.Unknown, MediaKind.Unknown, "application/octet-stream", "bin");
    public static readonly MediaType Jpeg = new(MediaFormat.Jpeg, MediaKind.Photo, "image/jpeg", "jpg");
    public static readonly MediaType Png = new(MediaFormat.Png, MediaKind.Photo, "image/png", "png");
    public static readonly MediaType WebP = new(MediaFormat.WebP, MediaKind.Photo, "image/webp", "webp");
    public static readonly MediaType Heic = new(MediaFormat.Heic, MediaKind.Photo, "image/heic", "heic");
    public static readonly MediaType Avif = new(MediaFormat.Avif, MediaKind.Photo, "image/avif", "avif");
    public static readonly MediaType Gif = new(MediaFormat.Gif, MediaKind.Photo, "image/gif", "gif");
    public static readonly MediaType Pdf = new(MediaFormat.Pdf, MediaKind.Document, "application/pdf", "pdf");
    public static readonly MediaType OggOpus = new(MediaFormat.OggOpus, MediaKind.Audio, "audio/ogg", "ogg");
    public static readonly MediaType Ogg = new(MediaFormat.Ogg, MediaKind.Unknown, "application/ogg", "ogx");
    public static readonly MediaType Amr = new(MediaFormat.Amr, MediaKind.Audio, "audio/amr", "amr");
    public static readonly MediaType AmrWideband = new(MediaFormat.AmrWideband, MediaKind.Audio, "audio/amr-wb", "awb");
    public static readonly MediaType Mp3 = new(MediaFormat.Mp3, MediaKind.Audio, "audio/mpeg", "mp3");
    public static readonly MediaType Aac = new(MediaFormat.Aac, MediaKind.Audio, "audio/aac", "aac");
    public static readonly MediaType M4a = new(MediaFormat.M4a, MediaKind.Audio, "audio/mp4", "m4a");
    public static readonly MediaType Wav = new(MediaFormat.Wav, MediaKind.Audio, "audio/wav", "wav");

    /// <summary>WebM as sniffed; <see cref="WebmAudio"/> once every track proved to be sound.</summary>
    public static readonly MediaType Webm = new(MediaFormat.Webm, MediaKind.Video, "video/webm", "webm");
    public static readonly MediaType WebmAudio = new(MediaFormat.WebmAudio, MediaKind.Audio, "audio/webm", "weba");

    /// <summary>MP4 or QuickTime as sniffed; <see cref="M4a"/> once every track proved to be sound.</summary>
    public static readonly MediaType Mp4 = new(MediaFormat.Mp4, MediaKind.Video, "video/mp4", "mp4");

    /// <summary>3GPP as sniffed; <see cref="ThreeGpAudio"/> once every track proved to be sound.</summary>
    public static readonly MediaType ThreeGp = new(MediaFormat.ThreeGp, MediaKind.Video, "video/3gpp", "3gp");
    public static readonly MediaType ThreeGpAudio = new(MediaFormat.ThreeGpAudio, MediaKind.Audio, "audio/3gpp", "3gp");
}
