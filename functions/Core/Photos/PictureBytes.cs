namespace Serverless940.Core.Photos;

/// <summary>Bytes from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
internal readonly record struct Extent(long Start, long End);

/// <summary>The bytes that belong to pictures and to nothing else, in order and without overlap.</summary>
internal sealed class PictureBytes
{
    public static readonly PictureBytes None = new([]);

    private int _next;

    private PictureBytes(IReadOnlyList<Extent> extents) => Extents = extents;

    public IReadOnlyList<Extent> Extents { get; }

    /// <summary>Where the last of them ends; 0 when there are none.</summary>
    public long End => Extents.Count == 0 ? 0 : Extents[^1].End;

    /// <summary>What pictures claim less what anything else claims: a file cannot keep its EXIF by calling the same bytes a picture.</summary>
    public static PictureBytes From(IEnumerable<(Extent Extent, bool IsPicture)> claims)
    {
        var edges = new List<(long At, int Pictures, int Others)>();
        foreach (var (extent, isPicture) in claims)
        {
            var picture = isPicture ? 1 : 0;
            edges.Add((extent.Start, picture, 1 - picture));
            edges.Add((extent.End, -picture, picture - 1));
        }

        edges.Sort((a, b) => a.At.CompareTo(b.At));
        var kept = new List<Extent>();
        int pictures = 0, others = 0;
        for (var index = 0; index + 1 < edges.Count; index++)
        {
            pictures += edges[index].Pictures;
            others += edges[index].Others;
            if (pictures > 0 && others == 0 && edges[index + 1].At > edges[index].At)
            {
                kept.Add(new(edges[index].At, edges[index + 1].At));
            }
        }

        return new(kept);
    }

    /// <summary>Whether the byte at an offset is one of them, and up to where that answer holds. Offsets only grow.</summary>
    public (bool Keep, long Until) At(long offset)
    {
        while (_next < Extents.Count && Extents[_next].End <= offset)
        {
            _next++;
        }

        return _next == Extents.Count ? (false, long.MaxValue)
            : Extents[_next].Start <= offset ? (true, Extents[_next].End)
            : (false, Extents[_next].Start);
    }
}
