using Serverless940.Core.Classification;
using Serverless940.Core.Policies;
using Serverless940.Core.Tests.Policies;
using Serverless940.Tests.Shared;

namespace Serverless940.Core.Tests.Classification;

/// <summary>Floors under the figures of the sentences that the terms were not written for.</summary>
public sealed class SentenceTests
{
    private static readonly Policy s_policy = ExamplePolicy.Policy;

    [Fact]
    public void There_are_hundreds_of_sentences_for_every_category_in_many_languages()
    {
        Assert.InRange(SentenceSet.All.Count, 500, int.MaxValue);
        Assert.Equal(s_policy.Categories.Keys.Order(), SentenceSet.All.Select(sentence => sentence.Category).Distinct().Order());
        Assert.Superset(new HashSet<string> { "ar", "en", "ur", "hi", "bn", "fil", "id" }, SentenceSet.All.Select(sentence => sentence.Language).ToHashSet());
        Assert.Equal(SentenceSet.All.Count, SentenceSet.All.Select(sentence => sentence.Text).Distinct().Count());
        Assert.InRange((double)SentenceSet.All.Count(sentence => sentence.HeldOut) / SentenceSet.All.Count, 0.28, 0.4);
    }

    [Fact]
    public void Sentences_that_were_held_out_are_read_as_well_as_promised()
    {
        var figures = Figures(sentence => sentence.HeldOut);

        Assert.True(
            figures is { Right: >= 0.6, RightOrOffered: >= 0.7, WrongOfDecided: <= 0.1, LeftAlone: >= 0.9, HazardsRaised: >= 0.85, FalseAlarms: <= 0.05 },
            figures.ToString());
    }

    [Fact]
    public void Sentences_that_the_terms_were_tuned_on_are_read_better_still()
    {
        var figures = Figures(sentence => !sentence.HeldOut);

        Assert.True(figures is { Right: >= 0.9, WrongOfDecided: <= 0.02, HazardsRaised: >= 0.98, FalseAlarms: <= 0.02 }, figures.ToString());
    }

    private static ClassificationFigures Figures(Func<LabelledSentence, bool> which) => new(SentenceSet.All.Where(which), text =>
    {
        var reading = Classifier.Classify(s_policy, text);
        return new ClassifierAnswer(reading.Category, reading.Offered(s_policy.Classification.Offer), reading.Hazards.Count > 0);
    });
}
