using Serverless940.Core.Routing;
using Serverless940.Core.Tests.Policies;

namespace Serverless940.Core.Tests.Routing;

/// <summary>Places given in words.</summary>
public sealed class PlaceNamesTests
{
    [Theory]
    [InlineData("الدمام، حي المنار، شارع 12", "west-dammam")]
    [InlineData("الدمام - حي الشاطئ الغربي", "east-dammam")]
    [InlineData("حي الشاطىء الشرقي بالدمام", "east-dammam")]
    [InlineData("حيّ العـــدامة", "central-dammam")] // diacritics and a drawn-out word
    [InlineData("الخبر العقربيه شارع الملك سعود", "khobar")] // ta marbuta as people type it
    [InlineData("في الثقبة", "khobar")] // alone between the ends
    [InlineData("Khobar, Al-Aqrabiyah", "khobar")]
    [InlineData("Al Manar district", "west-dammam")]
    [InlineData("ash-shati ash-sharqi, dammam", "east-dammam")]
    [InlineData("ضاحية الملك فهد", "west-dammam")]
    public void A_district_is_known_by_its_name(string address, string municipality)
    {
        var route = Route(new Place { Address = address });

        Assert.Equal((municipality, RoutingRule.District), (route.Municipality, route.Rule));
        Assert.Equal(municipality, route.Arguments[0]);
    }

    [Theory]
    [InlineData("حي العزيزية الخبر", "khobar")]
    [InlineData("حي العزيزية الدمام", "west-dammam")]
    [InlineData("حي العزيزية بالخفجي", "khafji")]
    [InlineData("حي طيبة، الجبيل", "jubail")]
    [InlineData("سيهات حي النور", "saihat")]
    public void A_name_that_repeats_needs_its_town(string address, string municipality) =>
        Assert.Equal((municipality, RoutingRule.District), Both(Route(new Place { Address = address })));

    [Theory]
    [InlineData("حي العزيزية")] // Dammam, Khobar and Khafji have one
    [InlineData("حي طيبة")]
    [InlineData("الدمام")] // three municipalities
    [InlineData("الدمام شارع الملك سعود")]
    [InlineData("قريب من البقالة")]
    [InlineData("عمود النور طافي")] // a light, no district
    [InlineData("عندي خبر")] // news, no town
    [InlineData("طريق الدمام الخبر السريع")] // a road is called after where it leads
    [InlineData("طريق الخبر")]
    [InlineData("Khobar Road")]
    [InlineData("الخبر أو الظهران")]
    [InlineData("\ud800 \udc00")]
    public void What_could_be_several_places_or_none_goes_to_the_dispatcher(string address)
    {
        var route = Route(new Place { Address = address });

        Assert.Equal((null, RoutingRule.Unrouted), Both(route));
        Assert.Contains(route.Arguments[0], (string[])["ambiguous", "unknownWords"]);
    }

    [Theory]
    [InlineData("شارع الأمير تركي، الخبر", "khobar")]
    [InlineData("بسيهات جنب المدرسة", "saihat")]
    [InlineData("شارع الظهران، الخبر", "khobar")]
    [InlineData("محافظة القطيف", "qatif")]
    [InlineData("غرب الدمام", "west-dammam")]
    [InlineData("Ras Tanura", "ras-tanura")]
    [InlineData("رأس تنوره", "ras-tanura")]
    [InlineData("النعيريه", "nairiyah")]
    [InlineData("قرية العليا", "qaryat-al-ulya")]
    public void A_town_of_one_municipality_is_enough(string address, string municipality) =>
        Assert.Equal((municipality, RoutingRule.Town), Both(Route(new Place { Address = address })));

    [Theory]
    [InlineData("الهفوف حي المزروع", "al-ahsa-amana")]
    [InlineData("حفر الباطن", "hafar-al-batin-amana")]
    [InlineData("Hofuf", "al-ahsa-amana")]
    public void A_town_with_an_amana_of_its_own_is_referred_there(string address, string agency)
    {
        var route = Route(new Place { Address = address });

        Assert.Equal((agency, RoutingRule.ReferralArea, RoutingRule.Town), (route.Agency, route.Rule, route.PlacedBy));
    }

    [Theory]
    [InlineData("khobar", null, "khobar", RoutingRule.Named)]
    [InlineData("الخبر", null, "khobar", RoutingRule.Named)]
    [InlineData("بلدية محافظة الجبيل", null, "jubail", RoutingRule.Named)]
    [InlineData("West Dammam Municipality", null, "west-dammam", RoutingRule.Named)]
    [InlineData("الخبر", "العزيزية", "khobar", RoutingRule.District)]
    [InlineData("الدمام", "حي المنار", "west-dammam", RoutingRule.District)]
    [InlineData("الدمام", "شرق الدمام", "east-dammam", RoutingRule.Town)]
    [InlineData("khobar", "الدمام حي المنار", "khobar", RoutingRule.Named)] // what the caller chose outweighs the words
    [InlineData("الدمام", "وين ما كان", null, RoutingRule.Unrouted)]
    [InlineData("atlantis", null, null, RoutingRule.Unrouted)]
    public void What_the_caller_named_counts_before_the_words(string named, string? address, string? municipality, RoutingRule rule) =>
        Assert.Equal((municipality, rule), Both(Route(new Place { Municipality = named, Address = address })));

    [Fact]
    public void An_ambiguous_town_tells_the_dispatcher_which_ones_it_could_be()
    {
        var route = Route(new Place { Address = "الدمام" });

        Assert.Equal(["ambiguous", "central-dammam", "east-dammam", "west-dammam"], route.Arguments);
    }

    [Fact]
    public void The_same_words_always_give_the_same_answer_however_long_they_are()
    {
        var random = new Random(940);
        var names = ExamplePolicy.Policy.Municipalities.Values
            .SelectMany(m => m.Districts.Concat(m.Towns!).Append(m.Name)).Select(n => n.In("ar"))
            .Concat(["حي", "شارع", "،", "جنب", "\u064B", "ـ", "طريق", "\n"]).ToArray();
        for (var i = 0; i < 500; i++)
        {
            var place = new Place { Address = string.Join(' ', random.GetItems(names, random.Next(1, 200))) };

            var route = Route(place);

            Assert.True(route.Municipality is not null || route.Rule == RoutingRule.Unrouted);
            Assert.Equal(Both(route), Both(Route(place)));
        }
    }

    private static (string? Municipality, RoutingRule Rule) Both(RoutingDecision route) => (route.Municipality, route.Rule);

    private static RoutingDecision Route(Place place) =>
        Router.Route(ExamplePolicy.Policy, place, ExamplePolicy.Policy.Categories["lighting.pole"]);
}
