using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Serverless940.Core.Photos;

/// <summary>Why a file was not taken.</summary>
public enum MediaRefusal
{
    /// <summary>The bytes are of no format we know, whatever the name says.</summary>
    Unrecognised,

    /// <summary>No bytes at all.</summary>
    Empty,

    /// <summary>More than <see cref="MediaLimits.MaxBytes"/>.</summary>
    TooLarge,

    /// <summary>The header announces more than <see cref="MediaLimits.MaxPixels"/> or a longer side than allowed.</summary>
    TooManyPixels,

    /// <summary>The file ends before its format says it does: most often a broken upload, worth sending again.</summary>
    Truncated,

    /// <summary>The bytes contradict their format.</summary>
    Malformed,

    /// <summary>Known, but not taken: a video, a document, an animation, or a structure whose metadata cannot be removed for certain.</summary>
    Unsupported,
}

/// <summary>A place on earth (WGS 84, degrees) that a photo carried.</summary>
/// <param name="Latitude">-90 to 90.</param>
/// <param name="Longitude">-180 to 180.</param>
public readonly record struct PhotoPosition(double Latitude, double Longitude);

/// <summary>What became of a file: a closed set.</summary>
public abstract record MediaResult
{
    private MediaResult()
    {
    }

    /// <summary>The output holds the file without its metadata.</summary>
    /// <param name="Type">What the bytes are; the only content type to serve it as.</param>
    /// <param name="BytesIn">Bytes read, dropped ones included.</param>
    /// <param name="BytesOut">Bytes written.</param>
    public sealed record Accepted(MediaType Type, long BytesIn, long BytesOut) : MediaResult
    {
        /// <summary>Pixels across as stored, before any orientation is applied; null for sound.</summary>
        public int? Width { get; init; }

        /// <summary>Pixels down as stored; null for sound.</summary>
        public int? Height { get; init; }

        /// <summary>Where it was taken, when its EXIF said so credibly; no longer in the output.</summary>
        public PhotoPosition? Gps { get; init; }

        /// <summary>When it was taken by the camera's own clock: wall time of unspecified kind; no longer in the output.</summary>
        public DateTime? TakenAt { get; init; }

        /// <summary>How far <see cref="TakenAt"/> is ahead of UTC, when the camera wrote it.</summary>
        public TimeSpan? TakenAtOffset { get; init; }

        /// <summary>SHA-256 of the bytes read, when asked for.</summary>
        public byte[]? Sha256OfInput { get; init; }

        /// <summary>SHA-256 of the bytes written, when asked for.</summary>
        public byte[]? Sha256OfOutput { get; init; }

        /// <summary>For logs: without the place and the time, which are the sender's.</summary>
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Type.ContentType}, {BytesIn} bytes in, {BytesOut} out");
    }

    /// <summary>Not taken. Some output may have been written already: the caller discards it.</summary>
    /// <param name="Reason">What to tell the sender.</param>
    /// <param name="Detail">A stable code for logs and problem responses, such as <c>jpeg-no-end</c>; holds nothing from the file.</param>
    /// <param name="Type">What the bytes were taken for.</param>
    public sealed record Refused(MediaRefusal Reason, string Detail, MediaType Type) : MediaResult
    {
        /// <summary>True when the same picture as a JPEG would be taken: the sender is told how to send one.</summary>
        public bool SendAsJpeg => Reason == MediaRefusal.Unsupported && Type.Kind == MediaKind.Photo;
    }
}

/// <summary>Carries a refusal out of a parser; never leaves <see cref="MediaRewriter"/>.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "A refusal without its reason makes no sense.")]
internal sealed class MediaRefusedException(MediaRefusal reason, string detail) : FormatException(detail)
{
    public MediaRefusal Reason { get; } = reason;

    public static MediaRefusedException Malformed(string detail) => new(MediaRefusal.Malformed, detail);

    public static MediaRefusedException Unsupported(string detail) => new(MediaRefusal.Unsupported, detail);

    public static MediaRefusedException Truncated(string detail) => new(MediaRefusal.Truncated, detail);
}
