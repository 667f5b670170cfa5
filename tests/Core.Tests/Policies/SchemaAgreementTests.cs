using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Tests.Policies;

/// <summary>The schema that editors use and the reader that decides say the same.</summary>
public sealed class SchemaAgreementTests
{
    private static readonly SchemaValidator s_schema = new(
        JsonNode.Parse(File.ReadAllBytes(Path.Combine(ExamplePolicy.PoliciesFolder, "policy.schema.json")))!.AsObject());

    /// <summary>Wrong in its shape: refused by both.</summary>
    private static readonly Dictionary<string, Action<JsonObject>> s_misshapen = new()
    {
        ["another format"] = d => d["format"] = 2,
        ["no format"] = d => d.Remove("format"),
        ["a section that nobody knows"] = d => d["holydays"] = new JsonArray(),
        ["a section of the wrong type"] = d => d["teams"] = new JsonObject(),
        ["an unknown member"] = d => d["city"]!["colour"] = "green",
        ["a member that is null"] = d => d["city"]!["calendar"] = null,
        ["a municipality without rank"] = d => First(d, "municipalities").Remove("rank"),
        ["a rank of zero"] = d => First(d, "municipalities")["rank"] = 0,
        ["a rank in halves"] = d => First(d, "municipalities")["rank"] = 1.5,
        ["a name without Arabic"] = d => First(d, "departments")["name"]!.AsObject().Remove("ar"),
        ["a name whose Arabic is English"] = d => First(d, "departments")["name"]!["ar"] = "Cleanliness",
        ["a blank name"] = d => First(d, "departments")["name"]!["en"] = "  ",
        ["a name in an impossible language"] = d => First(d, "departments")["name"]!["arabic"] = "اسم",
        ["a name longer than a page"] = d => First(d, "departments")["name"]!["en"] = new string('x', 201),
        ["a team without capacity"] = d => First(d, "teams").Remove("capacity"),
        ["a team of nobody"] = d => First(d, "teams")["capacity"] = 0,
        ["a team without department"] = d => First(d, "teams").Remove("department"),
        ["a contact without a way to reach it"] = d => Remove(d["city"]!["contacts"]![0]!, "email", "phone"),
        ["a contact with a local phone"] = d => d["city"]!["contacts"]![0]!["phone"] = "0500000001",
        ["a contact with too short a Saudi phone"] = d => d["city"]!["contacts"]![0]!["phone"] = "+96650000001",
        ["a contact with no e-mail address"] = d => d["city"]!["contacts"]![0]!["email"] = "amin at eastern",
        ["a contact with an unknown role"] = d => d["city"]!["contacts"]![0]!["role"] = "boss",
        ["a code without a group"] = d => First(d, "categories")["code"] = "cleanliness",
        ["a code in capitals"] = d => First(d, "categories")["code"] = "Cleanliness.General",
        ["a category of nobody"] = d => Remove(First(d, "categories"), "department", "agency"),
        ["a priority that is none"] = d => First(d, "categories")["priority"] = "urgent",
        ["a promise in working days"] = d => First(d, "categories")["closeWithin"] = "P3D",
        ["a promise in words"] = d => First(d, "categories")["closeWithin"] = "three days",
        ["a key that no phone has"] = d => First(d, "categories")["keypadDigit"] = 10,
        ["a term without weight"] = d => Term(d).Remove("weight"),
        ["a term of weight zero"] = d => Term(d)["weight"] = 0,
        ["a term of one letter"] = d => Term(d)["text"] = "x",
        ["a hazard that is a word"] = d => Term(d)["hazard"] = "yes",
        ["rules of classification without a threshold"] = d => d["classification"]!.AsObject().Remove("certainFrom"),
        ["a confidence above one"] = d => d["classification"]!["certainFrom"] = 1.5,
        ["an offer that no screen holds"] = d => d["classification"]!["offer"] = 9,
        ["words that mean nothing"] = d => Synonyms(d).Remove("means"),
        ["a meaning without words"] = d => Synonyms(d).Remove("words"),
        ["two words where one belongs"] = d => Synonyms(d)["words"]!["en"] = new JsonArray("running water"),
        ["words in an impossible language"] = d => Synonyms(d)["words"]!["english"] = new JsonArray("water"),
        ["a hazard without terms"] = d => d["classification"]!["hazards"]![0]!["texts"] = new JsonArray(),
        ["terms of no category"] = d => First(d, "vocabulary").Remove("category"),
        ["terms of no weight"] = d => First(d, "vocabulary")["weight"] = 11,
        ["a ladder without steps"] = d => First(d, "ladders")["steps"] = new JsonArray(),
        ["a ladder that does not repeat"] = d => First(d, "ladders").Remove("repeatEvery"),
        ["a step of nobody"] = d => First(d, "ladders")["steps"]![0]!.AsObject().Remove("role"),
        ["a step for an unknown role"] = d => First(d, "ladders")["steps"]![0]!["role"] = "mayor",
        ["a step with negative patience"] = d => First(d, "ladders")["steps"]![0]!["patience"] = "-PT1H",
        ["a calendar without weekly shifts"] = d => First(d, "calendars").Remove("weekly"),
        ["a calendar that never works"] = d => First(d, "calendars")["weekly"] = new JsonArray(),
        ["a shift on no day"] = d => First(d, "calendars")["weekly"]![0]!["days"] = new JsonArray(),
        ["a shift on a day that is none"] = d => First(d, "calendars")["weekly"]![0]!["days"]![0] = "someday",
        ["a shift that ends at 25"] = d => First(d, "calendars")["weekly"]![0]!["end"] = "25:00",
        ["a holiday without a date"] = d => Holiday(d).Remove("hijri"),
        ["a holiday with two dates"] = d => Holiday(d)["announced"] = JsonNode.Parse("""{"from":"2026-03-20","to":"2026-03-24"}"""),
        ["a holiday that never ends"] = d => Holiday(d)["hijri"]!.AsObject().Remove("days"),
        ["an announced holiday that never ends"] = d => SetHoliday(d, """{"from":"2026-03-20"}"""),
        ["a holiday of a season"] = d => Holiday(d)["hijri"]!["days"] = 31,
        ["an agency that may take forever"] = d => First(d, "agencies").Remove("answerWithin"),
        ["an agency that may promise anything"] = d => First(d, "agencies")["doWithin"] = "someday",
        ["an agency with an unsafe webhook"] = d => First(d, "agencies")["webhook"] = "http://agency.example/hook",
        ["an agency with an impossible phone"] = d => First(d, "agencies")["phone"] = "1",
        ["an area of a type that is none"] = d => d["city"]!["area"]!["type"] = "Circle",
        ["an area with swapped coordinates"] = d => d["city"]!["area"]!["coordinates"]![0]![1] = new JsonArray(26.9, 46.5),
        ["an area outside WGS84"] = d => d["city"]!["area"]!["coordinates"]![0]![1] = new JsonArray(460.5, 26.9),
        ["a position with one number"] = d => d["city"]!["area"]!["coordinates"]![0]![1] = new JsonArray(46.5),
        ["a ring of three positions"] = d => d["city"]!["area"]!["coordinates"]![0] = JsonNode.Parse("[[45,27],[46,27],[45,27]]"),
        ["a polygon without a ring"] = d => d["city"]!["area"]!["coordinates"] = new JsonArray(),
        ["intake without a limit on text"] = d => d["intake"]!.AsObject().Remove("maxTextLength"),
        ["photos without end"] = d => d["intake"]!["maxPhotoBytes"] = 1e12,
        ["duplicates of an age in words"] = d => d["intake"]!["duplicateWithin"] = "a month",
        ["a crowd of less than nobody"] = d => d["intake"]!["followersToRaise"] = -1,
        ["a survey where nothing is poor"] = d => d["survey"]!["poorBelow"] = 1,
        ["a topic without a key"] = d => First(d, "information").Remove("keypadDigit"),
        ["a topic without words"] = d => First(d, "information").Remove("text"),
        ["a topic that talks for an hour"] = d => First(d, "information")["text"]!["ar"] = new string('ا', 1501),
        ["a telephone without hours"] = d => d["phone"]!.AsObject().Remove("callsUntil"),
        ["a telephone at 25"] = d => d["phone"]!["callsFrom"] = "25:00",
        ["an agent with a local phone"] = d => d["phone"]!["agentPhone"] = "0130000004",
        ["a survey with a word for yes"] = d => d["survey"]!["reopenOnPoor"] = "yes",
    };

    /// <summary>Right in its shape and wrong all the same: only the reader can know, and must.</summary>
    private static readonly Dictionary<string, (Action<JsonObject> Change, string Reason)> s_contradictory = new()
    {
        ["a municipality twice"] = (d => d["municipalities"]!.AsArray().Add(First(d, "municipalities").DeepClone()), "duplicate in municipalities: 'east-dammam'"),
        ["a category twice"] = (d => d["categories"]!.AsArray().Add(First(d, "categories").DeepClone()), "duplicate in categories"),
        ["a district twice in a town"] = (d => First(d, "municipalities")["districts"]!.AsArray().Add(First(d, "municipalities")["districts"]![0]!.DeepClone()), "is there twice"),
        ["a term twice"] = (d => First(d, "categories")["terms"]!.AsArray().Add(Term(d).DeepClone()), "is there twice"),
        ["terms of an unknown category"] = (d => First(d, "vocabulary")["category"] = "laundry.general", "'laundry.general' is not in categories"),
        ["a term twice among the terms of a language"] = (d => First(d, "vocabulary")["texts"] = new JsonArray("حفرة", "حفرة"), "the term 'حفرة' is there twice"),
        ["a word of two meanings"] = (d => d["classification"]!["synonyms"]![1]!["words"]!["ar"] = new JsonArray("المويه"), "'المويه' is the same word as 'مويه' of another meaning at policy.json:"),
        ["a word that is only punctuation"] = (d => Synonyms(d)["words"]!["en"] = new JsonArray("!!"), "'!!' must be one word"),
        ["an unknown department"] = (d => First(d, "categories")["department"] = "catering", "'catering' is not in departments"),
        ["an unknown ladder"] = (d => First(d, "categories")["ladder"] = "rope", "'rope' is not in ladders"),
        ["an unknown agency"] = (d => First(d, "categories")["agency"] = "post", "'post' is not in agencies"),
        ["an unknown calendar"] = (d => d["city"]!["calendar"] = "lunar", "'lunar' is not in calendars"),
        ["an unknown municipality"] = (d => First(d, "teams")["municipality"] = "atlantis", "'atlantis' is not in municipalities"),
        ["an unknown default category"] = (d => d["intake"]!["defaultCategory"] = "other.else", "'other.else' is not in categories"),
        ["an unknown group"] = (d => First(d, "categories")["code"] = "laundry.general", "unknown group 'laundry'"),
        ["a key used twice"] = (d => d["categories"]![1]!["keypadDigit"] = 1, "the key 1 already means 'cleanliness.general'"),
        ["a level that is missing"] = (d => First(d, "ladders")["steps"]![2]!["level"] = 4, "gap in the ladder: this is step 3 and says level 4"),
        ["a rung that is missing"] = (d => LeaveOut(First(d, "ladders")["steps"]!.AsArray(), 2), "gap in the ladder: 'municipalityHead' is missing before 'amin'"),
        ["a ladder that goes down"] = (d => First(d, "ladders")["steps"]![1]!["role"] = "teamLead", "the ladder does not go up"),
        ["an emergency in working time"] = (d => First(d, "ladders")["realTime"] = false, "must count real time"),
        ["no ladder for emergencies"] = (d => First(d, "ladders")["id"] = "panic", "there is no ladder 'emergency'"),
        ["an emergency category on a slow ladder"] = (d => First(d, "categories")["priority"] = "emergency", "an emergency counts real time"),
        ["duplicates of all time"] = (d => d["intake"]!["duplicateWithin"] = "P400D", "must be longer than zero and at most"),
        ["a repeat of no time"] = (d => First(d, "ladders")["repeatEvery"] = "PT0H", "must be longer than zero"),
        ["nobody to head a municipality"] = (d => First(d, "municipalities").Remove("contacts"), "no contact for the role 'municipalityHead'"),
        ["nobody to head a department"] = (d => LeaveOut(First(d, "departments")["contacts"]!.AsArray(), 1), "no contact for the role 'departmentHead'"),
        ["no dispatcher"] = (d => LeaveOut(d["city"]!["contacts"]!.AsArray(), 1), "no contact with the role 'dispatcher'"),
        ["shifts that overlap"] = (d => First(d, "calendars")["weekly"]!.AsArray().Add(JsonNode.Parse("""{"days":["monday"],"start":"14:00","end":"16:00"}""")), "shifts overlap: Monday 14:00-16:00 and Monday 07:30-14:30"),
        ["a Saturday night that runs into Sunday"] = (d => First(d, "calendars")["weekly"]!.AsArray().Add(JsonNode.Parse("""{"days":["saturday"],"start":"22:00","end":"08:00"}""")), "shifts overlap: Saturday 22:00-08:00 and Sunday"),
        ["a time zone that is none"] = (d => First(d, "calendars")["timeZone"] = "Asia/Atlantis", "calendar does not work"),
        ["a thirtieth of February"] = (d => d["calendars"]![0]!["holidays"]![2]!["gregorian"]!["day"] = 30, "month 2 has no day 30"),
        ["a holiday that ends before it begins"] = (d => SetHoliday(d, """{"from":"2026-03-24","to":"2026-03-20"}"""), "ends (2026-03-20) before it begins"),
        ["a holiday of a year"] = (d => SetHoliday(d, """{"from":"2026-03-20","to":"2027-03-20"}"""), "at most 60"),
        ["a date that is none"] = (d => SetHoliday(d, """{"from":"2026-02-30","to":"2026-03-20"}"""), "there is no date 2026-02-30"),
        ["a month moved by a week"] = (d => First(d, "calendars")["hijriCorrections"] = JsonNode.Parse("""[{"year":1447,"month":10,"firstDay":"2026-03-28"}]"""), "a correction moves it by one day at most"),
        ["a month corrected twice"] = (d => First(d, "calendars")["hijriCorrections"] = JsonNode.Parse("""[{"year":1447,"month":10,"firstDay":"2026-03-20"},{"year":1447,"month":10,"firstDay":"2026-03-21"}]"""), "is corrected twice"),
        ["a boundary that is not closed"] = (d => LeaveOut(First(d, "municipalities")["boundary"]!["coordinates"]![0]!.AsArray(), 4, add: [50.10, 26.40]), "the ring is not closed"),
        ["a boundary that crosses itself"] = (d => First(d, "municipalities")["boundary"]!["coordinates"] = JsonNode.Parse("[[[50.10,26.40],[50.20,26.50],[50.20,26.40],[50.10,26.50],[50.10,26.40]]]"), "the boundary crosses itself at longitude 50.15, latitude 26.45"),
        ["a hole outside of its polygon"] = (d => First(d, "municipalities")["boundary"]!["coordinates"]!.AsArray().Add(JsonNode.Parse("[[49,26],[49.1,26],[49.1,26.1],[49,26]]")), "a hole lies outside of its polygon"),
        ["a boundary in another country"] = (d => First(d, "municipalities")["boundary"]!["coordinates"] = JsonNode.Parse("[[[50.5,26.1],[50.6,26.1],[50.6,26.2],[50.5,26.1]]]"), "leaves the served area of the city at longitude 50.5, latitude 26.1"),
        ["a topic's key used twice"] = (d => d["information"]![1]!["keypadDigit"] = 1, "the key 1 already means 'services'"),
        ["agents in no calendar"] = (d => d["phone"]!["agentCalendar"] = "lunar", "'lunar' is not in calendars"),
        ["calls that end before they begin"] = (d => d["phone"]!["callsUntil"] = "08:00", "the hours for calls end before they begin"),
        ["a team in a place that is referred"] = (d => First(d, "teams")["municipality"] = "al-ahsa", "is referred to an agency"),
    };

    public static TheoryData<string> Misshapen => [.. s_misshapen.Keys];

    public static TheoryData<string> Contradictory => [.. s_contradictory.Keys];

    [Fact]
    public void Both_accept_the_example_policy()
    {
        Assert.All(ExamplePolicy.Files, file => Assert.Empty(s_schema.Check(JsonNode.Parse(file.Utf8.Span))));
        Assert.Empty(s_schema.Check(ExamplePolicy.AsOneDocument()));
        Assert.Empty(Read(ExamplePolicy.AsOneDocument()).Errors);
    }

    [Theory]
    [MemberData(nameof(Misshapen))]
    public void Both_refuse(string what)
    {
        var document = ExamplePolicy.AsOneDocument();
        s_misshapen[what](document);

        Assert.NotEmpty(s_schema.Check(document));
        Assert.False(Read(document).Ok);
    }

    [Theory]
    [MemberData(nameof(Contradictory))]
    public void Only_the_reader_can_refuse(string what)
    {
        var document = ExamplePolicy.AsOneDocument();
        s_contradictory[what].Change(document);

        var result = Read(document);

        Assert.Empty(s_schema.Check(document));
        Assert.False(result.Ok);
        Assert.Contains(result.Errors, e => e.Reason.Contains(s_contradictory[what].Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_member_is_lost_or_spoiled_the_schema_never_refuses_what_the_reader_takes()
    {
        var whole = Small();
        var tried = 0;
        foreach (var path in Paths(whole, "").DistinctBy(p => p.Kind).ToList())
        {
            foreach (var spoil in (JsonNode?[])[null, "", 7, -1, true, new JsonArray(), new JsonObject()])
            {
                var document = whole.DeepClone().AsObject();
                Set(document, path.Pointer, spoil?.DeepClone());
                Agree(document, $"{path.Pointer} = {spoil?.ToJsonString() ?? "null"}");
                tried++;
            }

            var without = whole.DeepClone().AsObject();
            Set(without, path.Pointer, null, remove: true);
            Agree(without, $"{path.Pointer} removed");
        }

        Assert.True(tried > 500, $"only {tried} documents were tried");
    }

    private static void Agree(JsonObject document, string what)
    {
        var schema = s_schema.Check(document);
        Assert.True(schema.Count == 0 || !Read(document).Ok, $"The reader takes what the schema refuses: {what}: {string.Join(", ", schema)}");
    }

    private static PolicyResult Read(JsonObject document) =>
        PolicyReader.Read([new PolicyFile("policy.json", Encoding.UTF8.GetBytes(document.ToJsonString()))]);

    /// <summary>A policy with one or two of everything, so that a thousand variants are read quickly.</summary>
    private static JsonObject Small()
    {
        var all = ExamplePolicy.AsOneDocument();
        Keep(all, "municipalities", "id", "east-dammam", "al-ahsa");
        Keep(all, "teams", "id", "maintenance-east-dammam");
        Keep(all, "categories", "code", "lighting.pole", "utilities.electricity", "other.unclassified");
        Keep(all, "vocabulary", "category", "lighting.pole");
        foreach (var list in new[] { all["classification"]!["synonyms"]!, all["classification"]!["hazards"]!, all["vocabulary"]! }.Select(node => node.AsArray()))
        {
            while (list.Count > 1)
            {
                list.RemoveAt(1);
            }
        }

        Keep(all, "calendars", "id", "city", "field");
        Keep(all, "ladders", "id", "emergency", "high", "normal");
        foreach (var list in all["categories"]!.AsArray().Select(c => c!["terms"]).Append(First(all, "municipalities")["districts"]).OfType<JsonArray>())
        {
            while (list.Count > 2)
            {
                list.RemoveAt(2);
            }
        }

        return all;
    }

    private static void Keep(JsonObject all, string section, string key, params string[] kept) =>
        all[section] = new JsonArray([.. all[section]!.AsArray().Where(e => kept.Contains(e![key]!.GetValue<string>())).Select(e => e!.DeepClone())]);

    private static IEnumerable<(string Kind, string Pointer)> Paths(JsonNode? node, string pointer)
    {
        var children = node switch
        {
            JsonObject record => record.Select(m => (m.Key, m.Value)),
            JsonArray list => list.Select((item, i) => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), item)),
            _ => [],
        };
        foreach (var (name, value) in children)
        {
            var own = $"{pointer}/{name}";
            yield return (string.Join('/', own.Split('/').Select(s => s.All(char.IsAsciiDigit) ? "#" : s)), own);
            foreach (var below in Paths(value, own))
            {
                yield return below;
            }
        }
    }

    private static void Set(JsonObject document, string pointer, JsonNode? value, bool remove = false)
    {
        var steps = pointer.Split('/').Skip(1).ToList();
        JsonNode parent = document;
        foreach (var step in steps.SkipLast(1))
        {
            parent = parent is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : parent[step]!;
        }

        var index = parent is JsonArray ? int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture) : -1;
        if (remove && parent is JsonArray items)
        {
            items.RemoveAt(index);
        }
        else if (remove)
        {
            parent.AsObject().Remove(steps[^1]);
        }
        else if (index >= 0)
        {
            parent[index] = value;
        }
        else
        {
            parent[steps[^1]] = value;
        }
    }

    private static JsonObject First(JsonObject document, string section) => document[section]![0]!.AsObject();

    private static JsonObject Term(JsonObject document) => First(document, "categories")["terms"]![0]!.AsObject();

    private static JsonObject Synonyms(JsonObject document) => document["classification"]!["synonyms"]![0]!.AsObject();

    private static JsonObject Holiday(JsonObject document) => First(document, "calendars")["holidays"]![0]!.AsObject();

    private static void SetHoliday(JsonObject document, string announced)
    {
        Holiday(document).Remove("hijri");
        Holiday(document)["announced"] = JsonNode.Parse(announced);
    }

    private static void Remove(JsonNode record, params string[] members)
    {
        foreach (var member in members)
        {
            record.AsObject().Remove(member);
        }
    }

    private static void LeaveOut(JsonArray list, int index, double[]? add = null)
    {
        list.RemoveAt(index);
        if (add is not null)
        {
            list.Add(new JsonArray([.. add.Select(n => (JsonNode)n)]));
        }
        else
        {
            // The levels stay without a gap, so that only what is left out shows.
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i]!["level"] is not null)
                {
                    list[i]!["level"] = i + 1;
                }
            }
        }
    }
}
