using System.Globalization;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;

namespace Serverless940.Simulator;

/// <summary>Reads files of past requests: our own columns, those of Open311's requests, or Boston's of 2011.</summary>
public static class PastRequests
{
    /// <summary>What Boston's types come closest to, by words of their names; the first that fits.</summary>
    private static readonly (string Words, string Category)[] s_boston =
    [
        ("Bulk Item", "cleanliness.bulky-waste"), ("Trash", "cleanliness.bins"), ("Recycling", "cleanliness.bins"), ("Dumpster", "cleanliness.bins"),
        ("Litter", "cleanliness.bins"), ("Street Cleaning", "cleanliness.general"), ("Street Light Knock", "lighting.pole"), ("Street Light", "lighting.out"),
        ("Lighting", "lighting.out"), ("Electrical", "lighting.exposed-wires"), ("Pothole", "roads.pothole"), ("Sidewalk", "roads.pavement"),
        ("Roadway", "roads.pavement"), ("Highway", "roads.pothole"), ("Marking", "roads.marking"), ("Traffic Signal", "utilities.traffic-signal"),
        ("Sign", "signs.guidance"), ("Graffiti", "buildings.graffiti"), ("Tree", "parks.trees"), ("Park Maint", "parks.neglected"),
        ("Abandoned Vehicle", "vehicles.abandoned"), ("Parking", "vehicles.parking"), ("Dead Animal", "animals.dead"), ("Rodent", "environmental-health.pests"),
        ("Mice", "environmental-health.pests"), ("Bed Bug", "environmental-health.pests"), ("Food", "markets.food"), ("Establishment", "markets.food"),
        ("Unsafe", "buildings.derelict"), ("Building", "buildings.site"), ("Permit", "buildings.unlicensed"), ("Illegal", "buildings.unlicensed"),
        ("Utility", "utilities.electricity"), ("Lot", "parks.vacant-land"),
    ];

    /// <exception cref="InvalidDataException">The file is of no known kind, or a row does not fit; the message says where.</exception>
    public static IReadOnlyList<PastRequest> Read(string path, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var zone = policy.Calendars[policy.City.Calendar].Zone;
        var ours = policy.Municipalities.Values.Where(municipality => municipality.ReferTo is null)
            .OrderBy(municipality => municipality.Rank).ThenBy(municipality => municipality.Id, StringComparer.Ordinal).Select(municipality => municipality.Id).ToArray();
        var quarters = new Dictionary<string, string>(StringComparer.Ordinal);
        var requests = new List<PastRequest>();
        foreach (var (line, row) in CsvFile.Read(path))
        {
            try
            {
                requests.Add(row.ContainsKey("case_enquiry_id") ? Boston(row, Quarter(row["neighborhood"]), zone)
                    : row.ContainsKey("service_request_id") ? Open311(row, zone)
                    : row.ContainsKey("number") && row.ContainsKey("received") ? Own(row, zone)
                    : throw new FormatException("the columns are neither number,received,closed,category … nor Open311's nor Boston's"));
            }
            catch (Exception exception) when (exception is FormatException or KeyNotFoundException)
            {
                throw new InvalidDataException($"{path}:{line}: {exception.Message}", exception);
            }
        }

        return requests;

        // Another city's quarters stand for our municipalities, in the order in which they come.
        string Quarter(string name) => quarters.TryGetValue(name, out var id) ? id : quarters[name] = ours[quarters.Count % ours.Length];
    }

    private static PastRequest Boston(IReadOnlyDictionary<string, string> row, string municipality, TimeZoneInfo zone)
    {
        var type = row["type"];
        var category = Array.Find(s_boston, pair => type.Contains(pair.Words, StringComparison.OrdinalIgnoreCase)).Category;
        var channel = row["source"] switch
        {
            "Self Service" => Channel.Web,
            "Citizens Connect App" => Channel.App,
            "Twitter" => Channel.X,
            "Constituent Call" => Channel.Phone,
            _ => Channel.Desk,
        };
        // A type is an office's word and not a citizen's: it is mapped above, and not read for its words again.
        return new PastRequest(row["case_enquiry_id"], Instant(row["open_dt"], zone)!.Value, Instant(row["closed_dt"], zone), category, municipality, channel, null, null, null, type);
    }

    private static PastRequest Open311(IReadOnlyDictionary<string, string> row, TimeZoneInfo zone) => new(
        row["service_request_id"], Required(row, "requested_datetime", zone),
        row["status"].Equals("closed", StringComparison.OrdinalIgnoreCase) ? Instant(row["updated_datetime"], zone) : null,
        row["service_code"], null, Channel.Open311, Degrees(row, "lat"), Degrees(row, "long"), row.GetValueOrDefault("description"));

    private static PastRequest Own(IReadOnlyDictionary<string, string> row, TimeZoneInfo zone) => new(
        row["number"], Required(row, "received", zone), Instant(row.GetValueOrDefault("closed"), zone), row.GetValueOrDefault("category"),
        row.GetValueOrDefault("municipality") is { Length: > 0 } municipality ? municipality : null,
        row.GetValueOrDefault("channel") is { Length: > 0 } channel ? Enum.Parse<Channel>(channel, ignoreCase: true) : Channel.Desk,
        Degrees(row, "lat"), Degrees(row, "lon"), row.GetValueOrDefault("text"));

    private static DateTimeOffset Required(IReadOnlyDictionary<string, string> row, string column, TimeZoneInfo zone) =>
        Instant(row[column], zone) ?? throw new FormatException($"{column} is empty");

    // A time without an offset is the city's own.
    private static DateTimeOffset? Instant(string? text, TimeZoneInfo zone)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time))
        {
            return time.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(time, zone.GetUtcOffset(time)) : new DateTimeOffset(time);
        }

        throw new FormatException($"'{text}' is no time");
    }

    private static double? Degrees(IReadOnlyDictionary<string, string> row, string column) =>
        row.GetValueOrDefault(column) is { Length: > 0 } text ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;
}
