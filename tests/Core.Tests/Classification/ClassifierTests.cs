using Serverless940.Core.Classification;
using Serverless940.Core.Policies;
using Serverless940.Core.Tests.Policies;

namespace Serverless940.Core.Tests.Classification;

public sealed class ClassifierTests
{
    private static readonly Policy s_policy = ExamplePolicy.Policy;

    [Theory]
    [InlineData("حفرة في الشارع")]
    [InlineData("حفره فالشارع")]
    [InlineData("الحُفْرَةُ في الشَّارِعِ")]
    [InlineData("حـفـرة بـالشـارع")]
    [InlineData("حفررررة في الشااااارع")]
    [InlineData("\u202eحفرة\u202c في \u200fالشارع")]
    [InlineData("ﺣﻔﺮﺓ في الشارع")]
    [InlineData("7ofra fi elshare3")]
    public void One_thing_written_in_many_ways_is_one_category(string text) =>
        Assert.Equal("roads.pothole", Classifier.Classify(s_policy, text).Category);

    [Theory]
    [InlineData("الزبالة مليانة", "cleanliness.bins")]
    [InlineData("کچرا بھرا ہوا ہے", "cleanliness.bins")]
    [InlineData("कचरा भरा है", "cleanliness.bins")]
    [InlineData("Sampah sudah penuh", "cleanliness.bins")]
    [InlineData("DEAD CÁT in the street!", "animals.dead")]
    [InlineData("القطوه ميته", "animals.dead")]
    public void Words_that_mean_the_same_speak_alike_in_every_language(string text, string category) =>
        Assert.Equal(category, Classifier.Classify(s_policy, text).Category);

    [Theory]
    [InlineData("عمود الإنارة بيطيح علينا")]
    [InlineData("المبنى آيل للسقوط")]
    [InlineData("there are exposed wires")]
    [InlineData("أسلاك مكشوفة")]
    [InlineData("منهل مفتوح")]
    [InlineData("ريحة غاز")]
    [InlineData("गैस लीक")]
    [InlineData("الحديقة وسخة وفيها سلك مكشوف")]
    [InlineData("لا أحد أصلح الأسلاك المكشوفة")]
    [InlineData("no one has repaired the exposed wires")]
    public void Danger_is_named_whatever_else_is_said(string text) =>
        Assert.NotEmpty(Classifier.Classify(s_policy, text).Hazards);

    [Theory]
    [InlineData("مافيه تسرب غاز")]
    [InlineData("ما في أسلاك مكشوفة، بس الإنارة طافية")]
    [InlineData("there is no gas leak here")]
    [InlineData("گیس لیک نہیں ہے")]
    [InlineData("الأسعار نار")]
    [InlineData("الشارع غرقان موية")]
    public void What_is_denied_or_only_sounds_like_it_is_no_danger(string text) =>
        Assert.Empty(Classifier.Classify(s_policy, text).Hazards);

    [Fact]
    public void A_denial_of_one_wire_does_not_deny_the_next() =>
        Assert.NotEmpty(Classifier.Classify(s_policy, "no exposed wires at the park, but there are exposed wires at the school").Hazards);

    [Fact]
    public void The_answer_names_the_terms_that_spoke_the_heaviest_first()
    {
        var reading = Classifier.Classify(s_policy, "عمود إنارة مكسور أمام المدرسة");

        Assert.Equal("lighting.pole", reading.Category);
        Assert.Equal("عمود إنارة مكسور", reading.Candidates[0].Terms[0]);
        Assert.InRange(reading.Confidence, s_policy.Classification.CertainFrom, 1);
    }

    [Fact]
    public void A_longer_term_explains_what_a_shorter_one_says()
    {
        var reading = Classifier.Classify(s_policy, "dead dog");

        Assert.Equal("animals.dead", reading.Category);
        Assert.Contains(reading.Candidates, candidate => candidate.Category == "animals.stray" && candidate.Confidence < 0.1);
    }

    [Fact]
    public void Between_two_likely_ones_nothing_is_decided_and_both_are_offered()
    {
        var reading = Classifier.Classify(s_policy, "كلاب وبعوض");

        Assert.Null(reading.Category);
        Assert.Equal(["animals.stray", "environmental-health.pests"], reading.Offered(2).Order());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("😡😡😡 🔥🔥")]
    [InlineData("…!!؟؟")]
    [InlineData("123456 ٧٨٩")]
    [InlineData("\ud800\udc00\ud83d")]
    [InlineData("\uffff\ufdd0\u0000")]
    [InlineData("abc абв 中文 한국어 ไทย")]
    public void What_says_nothing_is_left_to_a_person(string? text)
    {
        var reading = Classifier.Classify(s_policy, text);

        Assert.Null(reading.Category);
        Assert.Empty(reading.Hazards);
    }

    [Fact]
    public void Repeating_does_not_make_it_truer()
    {
        var once = Classifier.Classify(s_policy, "حفرة وكلاب");
        var often = Classifier.Classify(s_policy, string.Concat(Enumerable.Repeat("حفرة وكلاب. ", 2_000)));

        Assert.Equal(once.Candidates.Select(candidate => candidate.Score), often.Candidates.Select(candidate => candidate.Score));
    }

    [Fact]
    public void Every_term_at_once_and_words_without_end_are_read_to_their_end()
    {
        var everything = string.Join(' ', s_policy.Categories.Values.SelectMany(category => category.Terms).Select(term => term.Text));

        Assert.Null(Classifier.Classify(s_policy, everything).Category);
        Assert.Empty(Classifier.Classify(s_policy, new string('ح', 1_000_000)).Candidates);
        Assert.Equal("roads.pothole", Classifier.Classify(s_policy, new string('ا', 100_000) + " حفرة في الشارع").Category);
    }

    [Fact]
    public void Every_term_of_the_policy_is_found_by_its_own_words()
    {
        foreach (var category in s_policy.Categories.Values)
        {
            foreach (var term in category.Terms)
            {
                Assert.True(
                    Classifier.Classify(s_policy, term.Text).Candidates.Any(candidate => candidate.Category == category.Code),
                    $"'{term.Text}' of {category.Code} is not found");
            }
        }
    }

    [Fact]
    public void Words_that_no_term_knows_are_listed_once_without_numbers() =>
        Assert.Equal(["بطاطس", "زنجبيل"], Classifier.UnknownWords(s_policy, "زنجبيل بطاطس حفرة زنجبيل 0500000001 12"));
}
