namespace Serverless940.Core.Photos;

/// <summary>
/// The index of a HEIC or AVIF file: which bytes hold pictures, and how large the picture is. Reading it also
/// cleans it: item names, unknown boxes and properties, and inner data of no picture are blanked where they are.
/// </summary>
internal sealed class HeifItems
{
    private const int MaxItems = 4096;
    private const int MaxExtents = 8192;

    // "The data is in this file": a reference without a location.
    private const int PlainDataInformation = 36;

    private static readonly ReadOnlyMemory<byte> _free = "free"u8.ToArray();

    private readonly Dictionary<uint, uint> _types = [];
    private readonly Dictionary<uint, int> _sizeOfItem = [];
    private readonly Dictionary<int, (uint Width, uint Height)> _sizes = [];
    private readonly List<(uint Item, Extent Extent, bool Inner)> _extents = [];
    private readonly MediaLimits _limits;
    private uint? _primary;
    private Memory<byte> _inner;

    private HeifItems(MediaLimits limits) => _limits = limits;

    /// <summary>The primary picture's width as its property states it.</summary>
    public uint Width { get; private set; }

    public uint Height { get; private set; }

    /// <summary>Where the bytes of pictures lie in the file.</summary>
    public PictureBytes Pictures { get; private set; } = PictureBytes.None;

    /// <summary>Where the last byte of any picture, or of the EXIF to read, ends in the file.</summary>
    public long End => Math.Max(Pictures.End, Exif?.End ?? 0);

    /// <summary>Where in the file the EXIF item starts and its first piece ends.</summary>
    public Extent? Exif { get; private set; }

    /// <summary>EXIF kept inside the index itself; the reader clears it.</summary>
    public Memory<byte> InnerExif { get; private set; }

    /// <summary>Reads and cleans the body of a <c>meta</c> box.</summary>
    /// <exception cref="MediaRefusedException">It contradicts itself, announces too many pixels, or is not understood for certain.</exception>
    public static HeifItems ReadAndClean(Memory<byte> meta, MediaLimits limits)
    {
        if (meta.Length < 4)
        {
            throw MediaRefusedException.Malformed("heif-index");
        }

        var items = new HeifItems(limits);
        items.ReadBoxes(meta[4..]);
        items.Settle();
        return items;
    }

    private static MediaRefusedException Doubt(string detail) => MediaRefusedException.Unsupported(detail);

    private void ReadBoxes(Memory<byte> boxes)
    {
        HeifFields.ForEachBox(boxes, (type, header, whole) =>
        {
            var body = new HeifFields(whole[header..]);
            switch (type)
            {
                case "hdlr":
                    ReadHandler(body);
                    break;
                case "pitm":
                    _primary = body.FullBox().Version == 0 ? body.Take(2) : body.Take(4);
                    break;
                case "iinf":
                    ReadItemInfos(body);
                    break;
                case "iloc":
                    ReadLocations(body);
                    break;
                case "iprp":
                    HeifFields.ForEachBox(whole[header..], ReadProperties);
                    break;
                case "idat":
                    _inner = _inner.IsEmpty ? whole[header..] : throw Doubt("heif-index");
                    break;
                case "iref" or "grpl":
                case "dinf" when whole.Length == PlainDataInformation:
                    break;
                default:
                    BmffBox.Blank(whole.Span, header);
                    break;
            }
        });
    }

    private static void ReadHandler(HeifFields body)
    {
        body.FullBox();
        body.Take(4);
        if (body.Take(4) != 0x70696374) // pict
        {
            throw Doubt("heif-handler");
        }

        body.Skip(12);
        body.Rest.Span.Clear(); // a name for people
    }

    private void ReadItemInfos(HeifFields body)
    {
        var count = body.FullBox().Version == 0 ? body.Take(2) : body.Take(4);
        var read = 0u;
        HeifFields.ForEachBox(body.Rest, (type, header, whole) =>
        {
            var info = new HeifFields(whole[header..]);
            var version = type == "infe" ? info.FullBox().Version : throw Doubt("heif-index");
            if (version is not (2 or 3) || ++read > MaxItems)
            {
                throw Doubt("heif-items");
            }

            var id = version == 2 ? info.Take(2) : info.Take(4);
            if (info.Take(2) != 0)
            {
                throw Doubt("heif-protected");
            }

            var kind = info.Rest;
            if (!_types.TryAdd(id, info.Take(4)))
            {
                throw Doubt("heif-items");
            }

            if (!IsPicture(_types[id]))
            {
                _free.CopyTo(kind); // or viewers would take its zeros for broken EXIF
            }

            var name = info.Rest.Span;
            var end = name.IndexOf((byte)0);
            name[..(end < 0 ? name.Length : end)].Fill((byte)' ');
        });

        if (read != count)
        {
            throw Doubt("heif-items");
        }
    }

    private void ReadLocations(HeifFields body)
    {
        var version = body.FullBox().Version;
        var sizes = (int)body.Take(2);
        int offsetSize = sizes >> 12, lengthSize = (sizes >> 8) & 15, baseSize = (sizes >> 4) & 15;
        var indexSize = version == 0 ? 0 : sizes & 15;
        if (version > 2)
        {
            throw Doubt("heif-locations");
        }

        var count = version < 2 ? body.Take(2) : body.Take(4);
        for (; count > 0; count--)
        {
            var item = version < 2 ? body.Take(2) : body.Take(4);
            var method = version == 0 ? 0 : body.Take(2) & 15;
            var external = body.Take(2) != 0;
            var start = body.TakeLong(baseSize);
            for (var extents = body.Take(2); extents > 0; extents--)
            {
                body.TakeLong(indexSize);
                var offset = body.TakeLong(offsetSize);
                Locate(item, method, external, start + offset, body.TakeLong(lengthSize));
            }
        }
    }

    private void Locate(uint item, uint method, bool external, long start, long length)
    {
        // Length 0 means "all of it", method 2 "within another item": both leave doubt about whose bytes are whose.
        if (method > 1 || external || length == 0 || start < 0 || start > long.MaxValue / 4 || _extents.Count == MaxExtents)
        {
            throw Doubt("heif-locations");
        }

        _extents.Add((item, new(start, start + length), method == 1));
    }

    private void ReadProperties(string type, int header, Memory<byte> whole)
    {
        switch (type)
        {
            case "ipco":
                var index = 0;
                HeifFields.ForEachBox(whole[header..], (name, inner, property) => ReadProperty(++index, name, inner, property));
                break;
            case "ipma":
                ReadAssociations(new(whole[header..]));
                break;
            default:
                BmffBox.Blank(whole.Span, header);
                break;
        }
    }

    private void ReadProperty(int index, string type, int header, Memory<byte> whole)
    {
        switch (type)
        {
            case "ispe":
                var body = new HeifFields(whole[header..]);
                body.FullBox();
                var (width, height) = (body.Take(4), body.Take(4));
                MediaFacts.CheckSize(width, height, _limits);
                _sizes[index] = (width, height);
                break;

            // Coding, colour, layout: what it takes to show the picture. Descriptions, dates and the unknown go.
            case "hvcC" or "lhvC" or "av1C" or "avcC" or "colr" or "pixi" or "pasp" or "irot" or "imir" or "clap"
                or "auxC" or "rloc" or "lsel" or "oinf" or "tols" or "a1op" or "a1lx" or "clli" or "mdcv" or "cclv" or "amve":
                break;
            default:
                // Free space keeps its place: the others are addressed by their number.
                BmffBox.Blank(whole.Span, header);
                break;
        }
    }

    private void ReadAssociations(HeifFields body)
    {
        var (version, flags) = body.FullBox();
        for (var count = body.Take(4); count > 0; count--)
        {
            var item = version == 0 ? body.Take(2) : body.Take(4);
            for (var properties = body.Take(1); properties > 0; properties--)
            {
                var index = (flags & 1) == 0 ? body.Take(1) & 0x7F : body.Take(2) & 0x7FFF;
                if (_sizes.ContainsKey((int)index))
                {
                    _sizeOfItem.TryAdd(item, (int)index);
                }
            }
        }
    }

    private static bool IsPicture(uint type) => type is
        0x68766331 or 0x68657631 or 0x6C687631 or 0x61763031 or 0x61766331 // hvc1 hev1 lhv1 av01 avc1
        or 0x67726964 or 0x696F766C or 0x6964656E or 0x746D6170; // grid iovl iden tmap

    private bool IsPictureItem(uint item) => _types.TryGetValue(item, out var type) && IsPicture(type);

    private PictureBytes PicturesIn(bool inner) => PictureBytes.From(
        _extents.Where(extent => extent.Inner == inner).Select(extent => (extent.Extent, IsPictureItem(extent.Item))));

    private void Settle()
    {
        if (_primary is not { } primary || !IsPictureItem(primary) || !_sizeOfItem.TryGetValue(primary, out var size))
        {
            throw Doubt("heif-primary");
        }

        (Width, Height) = _sizes[size];
        CheckInnerGrids();
        FindExif();
        Pictures = PicturesIn(inner: false);
        if (Pictures.End == 0)
        {
            throw Doubt("heif-no-picture");
        }

        CleanInner();
    }

    /// <summary>A grid states the size of the whole once more; the larger claim counts.</summary>
    private void CheckInnerGrids()
    {
        foreach (var (item, extent, inner) in _extents)
        {
            if (!inner || !_types.TryGetValue(item, out var type) || type != 0x67726964 || extent.End > _inner.Length)
            {
                continue;
            }

            var grid = new HeifFields(_inner[(int)extent.Start..(int)extent.End]);
            var wide = (grid.Take(2) & 1) != 0 ? 4 : 2;
            grid.Take(2);
            MediaFacts.CheckSize(grid.Take(wide), grid.Take(wide), _limits);
        }
    }

    private void FindExif()
    {
        foreach (var (item, extent, inner) in _extents)
        {
            if (!_types.TryGetValue(item, out var type) || type != 0x45786966)
            {
                continue;
            }

            if (!inner)
            {
                Exif = extent;
            }
            else if (extent.End <= _inner.Length)
            {
                InnerExif = _inner[(int)extent.Start..(int)extent.End];
            }

            return;
        }
    }

    private void CleanInner()
    {
        var at = 0;
        foreach (var (start, end) in PicturesIn(inner: true).Extents)
        {
            if (end > _inner.Length)
            {
                throw Doubt("heif-locations");
            }

            Clean(at, (int)start);
            at = (int)end;
        }

        Clean(at, _inner.Length);

        void Clean(int from, int to)
        {
            // The EXIF in here is cleared by its reader.
            var part = _inner.Span[from..to];
            if (InnerExif.IsEmpty || !part.Overlaps(InnerExif.Span))
            {
                part.Clear();
                return;
            }

            part.Overlaps(InnerExif.Span, out var offset);
            part[..Math.Max(0, offset)].Clear();
            part[Math.Min(part.Length, offset + InnerExif.Length)..].Clear();
        }
    }
}
