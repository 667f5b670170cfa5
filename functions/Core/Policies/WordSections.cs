using System.Text.RegularExpressions;
using Serverless940.Core.Text;

namespace Serverless940.Core.Policies;

/// <summary>Reads the words by which texts are classified: rules, words that mean the same, terms of all languages.</summary>
internal static partial class WordSections
{
    public static ClassificationRules Rules(PolicyScope scope)
    {
        var known = new Dictionary<string, KnownWord>(StringComparer.Ordinal);
        var rules = new ClassificationRules(
            scope.Number("certainFrom", 0, 1),
            scope.Whole("offer", 1, 3),
            [.. scope.Each("synonyms", needed: false).Select(group => Group(group, known))],
            Words(scope, "negations", known),
            Words(scope, "negationsAfter", known),
            Words(scope, "fillers", known),
            Words(scope, "turns", known),
            Hazards(scope));
        scope.Done();
        return rules;
    }

    /// <summary>Terms of one weight in one language, for a category that may stand in another file.</summary>
    public static Vocabulary Vocabulary(PolicyScope scope)
    {
        var category = scope.Text("category", RuleSections.CodePattern(), "the code of a category");
        var language = scope.Text("language", PolicyScope.LanguagePattern(), "a language in two or three small letters");
        var weight = scope.Number("weight", 0, 10);
        var hazard = scope.FlagOrFalse("hazard");
        var terms = Texts(scope, "texts", RuleSections.TermPattern(), "a word or phrase of 2 to 60 characters without spaces at its ends")
            .Select(text => new CategoryTerm(text, language, weight, hazard)).ToList();
        scope.Done();
        return new Vocabulary(category, terms);
    }

    private static WordGroup Group(PolicyScope scope, Dictionary<string, KnownWord> known)
    {
        var group = new WordGroup(
            scope.Text("means", PolicyScope.NotBlankPattern(), "what the words have in common"),
            Words(scope, "words", known, needed: true));
        scope.Done();
        return group;
    }

    private static List<CategoryTerm> Hazards(PolicyScope rules)
    {
        var hazards = new List<CategoryTerm>();
        foreach (var scope in rules.Each("hazards", needed: false))
        {
            var language = scope.Text("language", PolicyScope.LanguagePattern(), "a language in two or three small letters");
            hazards.AddRange(Texts(scope, "texts", RuleSections.TermPattern(), "a word or phrase of 2 to 60 characters without spaces at its ends")
                .Select(text => new CategoryTerm(text, language, 0, true)));
            scope.Done();
        }

        return hazards;
    }

    // A word that stood for two things would stand for neither.
    private static List<string> Words(PolicyScope scope, string name, Dictionary<string, KnownWord> known, bool needed = false)
    {
        var words = new List<string>();
        foreach (var (language, list) in (needed ? scope.Required(name, NodeKind.Object) : scope.Optional(name, NodeKind.Object))?.Members ?? [])
        {
            if (!PolicyScope.LanguagePattern().IsMatch(language))
            {
                scope.Errors.Add(list, $"'{language}' is not a language: write its two or three small letters (ar, en, ur, fil)");
            }
            else if (scope.Is(list, NodeKind.Array))
            {
                foreach (var item in list.Items.Where(item => scope.Is(item, NodeKind.Text)))
                {
                    AddWord(scope, item, known, words);
                }
            }
        }

        return words;
    }

    private static void AddWord(PolicyScope scope, PolicyNode item, Dictionary<string, KnownWord> known, List<string> words)
    {
        if (!WordPattern().IsMatch(item.Text) || WordForms.Of(item.Text) is not [var form])
        {
            scope.Errors.Add(item, $"'{item.Text}' must be one word of 1 to 40 characters");
        }
        else if (known.TryAdd(form, new KnownWord(item, words)))
        {
            words.Add(item.Text);
        }
        else if (known[form] is var first && first.List != words)
        {
            var (line, _) = first.Node.Source.At(first.Node.Offset);
            scope.Errors.Add(item, PolicyScope.Invariant($"'{item.Text}' is the same word as '{first.Node.Text}' of another meaning at {first.Node.Source.Name}:{line}"));
        }
    }

    private static IEnumerable<string> Texts(PolicyScope scope, string name, Regex pattern, string form)
    {
        var list = scope.Required(name, NodeKind.Array);
        if (list is { Items.Count: 0 })
        {
            scope.Errors.Add(list, $"'{name}' is empty");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list?.Items ?? [])
        {
            if (!scope.Is(item, NodeKind.Text))
            {
                continue;
            }

            if (!pattern.IsMatch(item.Text))
            {
                scope.Errors.Add(item, $"'{item.Text}' must be {form}");
            }
            else if (!seen.Add(item.Text))
            {
                scope.Errors.Add(item, $"the term '{item.Text}' is there twice");
            }
            else
            {
                yield return item.Text;
            }
        }
    }

    /// <summary>Where a word stands; two spellings in one list are one word.</summary>
    private sealed record KnownWord(PolicyNode Node, List<string> List);

    [GeneratedRegex("^\\S{1,40}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex WordPattern();
}
