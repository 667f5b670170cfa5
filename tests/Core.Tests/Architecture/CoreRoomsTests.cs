using System.Reflection;
using Serverless940.Core.Reports;

namespace Serverless940.Core.Tests.Architecture;

/// <summary>Which room of the core may know which: every arrow, with its reason. Read from the built assembly, bodies included.</summary>
public sealed class CoreRoomsTests
{
    private const string Core = "Serverless940.Core.";

    /// <summary>From, to, why. Text, Geo and Photos know nobody.</summary>
    private static readonly (string From, string To, string Why)[] s_arrows =
    [
        ("Time", "Text", "holidays have names in languages"),
        ("Escalation", "Time", "patience counts working time"),
        ("Escalation", "Text", "enums are written by their names"),
        ("Policies", "Escalation", "a policy holds ladders"),
        ("Policies", "Geo", "boundaries are checked against the kingdom"),
        ("Policies", "Text", "everything has names in languages; phones are E.164"),
        ("Policies", "Time", "a policy holds calendars"),
        ("Routing", "Geo", "points and distances"),
        ("Routing", "Policies", "who is responsible where"),
        ("Routing", "Text", "places named in words"),
        ("Classification", "Policies", "terms and what they weigh"),
        ("Classification", "Text", "words in one form however they are written"),
        ("Messages", "Escalation", "an event carries the clock from then on"),
        ("Messages", "Policies", "priorities"),
        ("Messages", "Text", "enums are written by their names"),
        ("Reports", "Classification", "the category and the danger that a text names"),
        ("Reports", "Escalation", "the clock of a report"),
        ("Reports", "Geo", "the points of places"),
        ("Reports", "Messages", "commands in, events out"),
        ("Reports", "Policies", "decisions follow a policy"),
        ("Reports", "Routing", "intake sends a report to somebody"),
        ("Reports", "Text", "problems, phones and texts of an intake"),
        ("Reports", "Time", "promises are reckoned in working time"),
        ("Channels", "Geo", "places sent as a pin or written as a code"),
        ("Channels", "Messages", "what citizens say, normalised"),
        ("Channels", "Policies", "the city's language and limits"),
        ("Channels", "Reports", "numbers, of the draft and of what is asked about"),
        ("Channels", "Routing", "whether a place is served"),
        ("Channels", "Text", "digits, phones and languages"),
        ("Channels", "Time", "the year of a number is the city's"),
        ("Nearby", "Geo", "cells and distances"),
        ("Nearby", "Policies", "how near and how old counts"),
        ("Nearby", "Reports", "whether what is sealed is a number"),
        ("Voice", "Channels", "a file to fetch has one id on every channel"),
        ("Voice", "Geo", "National Address codes by keys"),
        ("Voice", "Messages", "what is kept of a call, and what it orders"),
        ("Voice", "Policies", "categories, topics and agents' hours"),
        ("Voice", "Reports", "numbers, and how a report stands"),
        ("Voice", "Text", "names in the caller's language; enums are written by their names"),
        ("Voice", "Time", "agents' hours, and dates in the city"),
        ("Insights", "Escalation", "how a report's ladder reckons time"),
        ("Insights", "Messages", "events are what is counted"),
        ("Insights", "Policies", "calendars to reckon by, names of groups"),
        ("Insights", "Reports", "a report as its events add up"),
        ("Insights", "Text", "words in languages, errors by field"),
        ("Insights", "Time", "working time, days and months of both calendars"),
        ("Notifications", "Messages", "what happened, and the texts to send"),
        ("Notifications", "Policies", "who holds a role, names of categories"),
        ("Notifications", "Reports", "whose report it is"),
        ("Notifications", "Escalation", "until when an agency is waited for"),
        ("Notifications", "Time", "dates are said in the city's time"),
        ("Notifications", "Text", "languages and phones"),
    ];

    [Fact]
    public void No_room_knows_another_beside_the_table()
    {
        var allowed = s_arrows.Select(arrow => (arrow.From, arrow.To)).ToHashSet();

        var others = References.Of(typeof(Report).Assembly)
            .Select(pair => (From: Room(pair.From), To: Room(pair.To), pair.From, pair.To))
            .Where(arrow => arrow.Item1 is not null && arrow.Item2 is not null && arrow.Item1 != arrow.Item2 && !allowed.Contains((arrow.Item1, arrow.Item2)))
            .Select(arrow => $"{arrow.Item1} → {arrow.Item2}: {arrow.Item3.FullName} uses {arrow.Item4.FullName}")
            .Distinct();

        Assert.Empty(others);
    }

    [Fact]
    public void Every_arrow_of_the_table_is_used_and_says_why()
    {
        var used = References.Of(typeof(Report).Assembly).Select(pair => (Room(pair.From), Room(pair.To))).ToHashSet();

        Assert.Equal([], s_arrows.Select(arrow => ((string?)arrow.From, (string?)arrow.To)).Except(used));
        Assert.All(s_arrows, arrow => Assert.True(arrow.Why.Length > 8, arrow.ToString()));
    }

    [Fact]
    public void No_way_leads_back()
    {
        var left = s_arrows.ToList();
        while (left.RemoveAll(arrow => left.TrueForAll(other => other.From != arrow.To)) > 0)
        {
        }

        Assert.Empty(left);
    }

    [Fact]
    public void Every_type_lives_in_a_room() =>
        Assert.DoesNotContain(typeof(Report).Assembly.GetTypes(), type => type.Namespace is { } space && space.StartsWith("Serverless940", StringComparison.Ordinal) && Room(type) is null);

    private static string? Room(Type type) =>
        type.Namespace is { } space && space.StartsWith(Core, StringComparison.Ordinal) ? space[Core.Length..].Split('.')[0] : null;
}
