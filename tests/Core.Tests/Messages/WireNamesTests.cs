using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Serverless940.Core.Messages;

namespace Serverless940.Core.Tests.Messages;

public sealed class WireNamesTests
{
    public static TheoryData<Type> Families { get; } = new(typeof(BusMessage), typeof(ReportEvent));

    public static TheoryData<Type> Concrete { get; } = new([.. Of(typeof(BusMessage)), .. Of(typeof(ReportEvent))]);

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_message_is_in_the_registry_under_a_name_of_its_own(Type family)
    {
        var registered = Registered(family);

        Assert.Equal(Of(family).Select(type => type.Name).Order(StringComparer.Ordinal), registered.Select(entry => entry.DerivedType.Name).Order(StringComparer.Ordinal));
        Assert.Equal(registered.Count, registered.Select(entry => (string)entry.TypeDiscriminator!).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(registered, entry => Assert.Matches(@"^[a-z][A-Za-z]{2,30}\.[1-9][0-9]?$", Assert.IsType<string>(entry.TypeDiscriminator)));
    }

    [Fact]
    public void Wire_names_stay_what_they_were()
    {
        var folder = Path.Combine(Path.GetDirectoryName(Policies.ExamplePolicy.PoliciesFolder)!, "..", "..", "tests", "Core.Tests", "Messages", "wire-names.txt");
        var kept = File.ReadAllLines(folder).Where(line => line.Length > 0 && line[0] != '#').ToList();
        var now = new[] { typeof(BusMessage), typeof(ReportEvent) }
            .SelectMany(family => Registered(family).Select(entry => $"{family.Name} {entry.TypeDiscriminator} {Members(entry.DerivedType)}".TrimEnd()))
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.True(
            kept.Order(StringComparer.Ordinal).SequenceEqual(now),
            "Messages in flight and events in storage are read by these names. A rename or a removal breaks them; a changed meaning gets a new version beside the old one. "
            + "wire-names.txt may only gain lines, or optional members of a line.\nGone: " + string.Join("\n      ", kept.Except(now)) + "\nNew:  " + string.Join("\n      ", now.Except(kept)));
    }

    [Theory]
    [MemberData(nameof(Concrete))]
    public void Every_message_comes_back_as_it_went(Type type)
    {
        var family = type.IsSubclassOf(typeof(BusMessage)) ? typeof(BusMessage) : typeof(ReportEvent);
        var info = MessagesJson.Compact.GetTypeInfo(family)!;
        var filled = Samples.Of(type);

        var json = JsonSerializer.Serialize(filled, info);
        var read = JsonSerializer.Deserialize(json, info)!;

        Assert.Equal(type, read.GetType());
        Assert.Equal(json, JsonSerializer.Serialize(read, info));
        Assert.StartsWith("{\"n\":\"", json, StringComparison.Ordinal);
        // Nothing that was filled may have been left out on the way.
        Assert.Equal(Members(type).Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            JsonNode.Parse(json)!.AsObject().Select(member => member.Key).Where(name => name != "n").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"n":"submitReport.2","number":"1"}""")]
    [InlineData("""{"n":"SubmitReport.1","number":"1"}""")]
    [InlineData("""{"n":"received.1"}""")]
    [InlineData("""{"n":7}""")]
    [InlineData("""{"n":"start.1"}""")]
    [InlineData("""{"n":"tick.1","number":"1","commandId":"c","at":"2026-03-29T06:00:00+00:00","actor":{"kind":3},"dueAt":"2026-03-29T06:00:00+00:00"}""")]
    public void An_unknown_name_or_version_and_a_message_without_its_parts_fail_loudly(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, MessagesJson.Compact.BusMessage));

    [Fact]
    public void A_message_without_a_name_fails_loudly() =>
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize("""{"number":"1"}""", MessagesJson.Compact.BusMessage));

    [Fact]
    public void Arabic_travels_as_itself()
    {
        var json = JsonSerializer.Serialize(new Commented("عمود إنارة", true), MessagesJson.Compact.ReportEvent);

        Assert.Equal("""{"n":"commented.1","text":"عمود إنارة","public":true}""", json);
    }

    private static IEnumerable<Type> Of(Type family) => family.Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(family));

    private static List<JsonDerivedTypeAttribute> Registered(Type family) => [.. family.GetCustomAttributes<JsonDerivedTypeAttribute>()];

    private static string Members(Type type) => string.Join(' ', MessagesJson.Compact.GetTypeInfo(type)!.Properties
        .Where(property => property.Get is not null && property.Name != "n")
        .Select(property => property.Name)
        .Order(StringComparer.Ordinal));
}
