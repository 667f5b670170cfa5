using System.Globalization;

namespace Serverless940.Tests.Shared;

/// <summary>What a classifier answered for one sentence.</summary>
/// <param name="Category">The category it is certain of, or <see langword="null"/>.</param>
/// <param name="Offered">What it would offer when it is not.</param>
public sealed record ClassifierAnswer(string? Category, IReadOnlyList<string> Offered, bool Hazard);

/// <summary>How well a classifier did on sentences.</summary>
public sealed class ClassificationFigures
{
    private readonly List<(LabelledSentence Sentence, ClassifierAnswer Answer)> _answers;

    public ClassificationFigures(IEnumerable<LabelledSentence> sentences, Func<string, ClassifierAnswer> classify) =>
        _answers = [.. sentences.Select(sentence => (sentence, classify(sentence.Text)))];

    public int Count => _answers.Count;

    /// <summary>Of the sentences that belong to a category: decided, and rightly.</summary>
    public double Right => Share(Ours, pair => pair.Answer.Category == pair.Sentence.Category);

    /// <summary>Likewise, or not decided with the right one among what is offered.</summary>
    public double RightOrOffered => Share(Ours, pair =>
        pair.Answer.Category == pair.Sentence.Category || (pair.Answer.Category is null && pair.Answer.Offered.Contains(pair.Sentence.Category)));

    /// <summary>Of all that was decided: wrongly. A silent wrong guess is what must not be.</summary>
    public double WrongOfDecided => Share(_answers.Where(pair => pair.Answer.Category is not null), pair => pair.Answer.Category != pair.Sentence.Category);

    /// <summary>Of what is not ours: left to a person.</summary>
    public double LeftAlone => Share(_answers.Where(pair => pair.Sentence.Category == SentenceSet.Unclassified), pair => pair.Answer.Category is null);

    /// <summary>Of the dangers: raised.</summary>
    public double HazardsRaised => Share(_answers.Where(pair => pair.Sentence.Hazard), pair => pair.Answer.Hazard);

    /// <summary>Of what is no danger: raised all the same.</summary>
    public double FalseAlarms => Share(_answers.Where(pair => !pair.Sentence.Hazard), pair => pair.Answer.Hazard);

    /// <summary>Sentences that were not answered as a person would.</summary>
    public IEnumerable<(LabelledSentence Sentence, ClassifierAnswer Answer)> Mistakes => _answers.Where(pair =>
        (pair.Answer.Category ?? SentenceSet.Unclassified) != pair.Sentence.Category || pair.Answer.Hazard != pair.Sentence.Hazard);

    private IEnumerable<(LabelledSentence Sentence, ClassifierAnswer Answer)> Ours => _answers.Where(pair => pair.Sentence.Category != SentenceSet.Unclassified);

    /// <summary>The confusion matrix by groups of categories: rows are the labels, columns the answers, <c>?</c> is not decided.</summary>
    public void PrintMatrix(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var groups = _answers.Select(pair => Group(pair.Sentence.Category)).Concat(_answers.Select(pair => Group(pair.Answer.Category))).Distinct().Order(StringComparer.Ordinal).ToList();
        var cells = _answers.CountBy(pair => (Group(pair.Sentence.Category), Group(pair.Answer.Category))).ToDictionary();
        output.WriteLine(new string(' ', 24) + string.Concat(groups.Select(group => group[..Math.Min(5, group.Length)].PadLeft(6))));
        foreach (var row in groups.Where(row => row != "?"))
        {
            output.WriteLine(row.PadRight(24) + string.Concat(groups.Select(column =>
                (cells.TryGetValue((row, column), out var count) ? count.ToString(CultureInfo.InvariantCulture) : ".").PadLeft(6))));
        }
    }

    /// <summary>The figures in a line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Count} sentences: right {Right:P1}, right or offered {RightOrOffered:P1}, wrong of decided {WrongOfDecided:P1}, not ours left alone {LeftAlone:P1}, hazards raised {HazardsRaised:P1}, false alarms {FalseAlarms:P1}");

    private static string Group(string? category) =>
        category is null or SentenceSet.Unclassified ? category is null ? "?" : "(not ours)" : category[..category.IndexOf('.', StringComparison.Ordinal)];

    private static double Share<T>(IEnumerable<T> of, Func<T, bool> which)
    {
        var all = of.ToList();
        return all.Count == 0 ? 0 : (double)all.Count(which) / all.Count;
    }
}
