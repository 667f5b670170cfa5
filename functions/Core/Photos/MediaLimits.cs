namespace Serverless940.Core.Photos;

/// <summary>How much of a file is taken in.</summary>
/// <param name="MaxBytes">Bytes read from the sender, dropped ones included; one more is <see cref="MediaRefusal.TooLarge"/>.</param>
/// <param name="MaxPixels">Width times height, read from headers before any pixel data is copied.</param>
/// <param name="MaxSide">Longest side in pixels: a strip one pixel high is no photo and breaks viewers.</param>
/// <param name="Hashes">Which SHA-256 hashes to compute on the way; each costs a pass over the bytes.</param>
public sealed record MediaLimits(
    long MaxBytes,
    long MaxPixels = MediaLimits.FiftyMegapixels,
    int MaxSide = 65_535,
    MediaHashes Hashes = MediaHashes.None)
{
    public const long FiftyMegapixels = 50_000_000;
}

/// <summary>Hashes computed while the bytes stream by.</summary>
[Flags]
public enum MediaHashes
{
    None = 0,

    /// <summary>Of the bytes as sent, for providers that announce a hash.</summary>
    Input = 1,

    /// <summary>Of the bytes as stored.</summary>
    Output = 2,
}
