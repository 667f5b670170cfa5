using System.Text.RegularExpressions;
using Serverless940.Core.Escalation;

namespace Serverless940.Core.Policies;

/// <summary>Reads categories, ladders, agencies and the rules of intake and survey: what happens, and how soon.</summary>
internal static partial class RuleSections
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366);

    private static readonly Dictionary<string, Priority> s_priorities = new()
    {
        ["low"] = Priority.Low,
        ["normal"] = Priority.Normal,
        ["high"] = Priority.High,
        ["emergency"] = Priority.Emergency,
    };

    private static readonly Dictionary<string, string> s_rungs = PolicyRoles.Ladder.ToDictionary(role => role);

    public static string GroupOf(string code) => code.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? code[..dot] : code;

    public static (string Code, Category Value) Category(PolicyScope scope)
    {
        var code = scope.Text("code", CodePattern(), "group.name in small letters, such as lighting.pole");
        var category = new Category(
            code,
            scope.Words("name"),
            scope.IdOrNull("department"),
            scope.Choice("priority", s_priorities),
            scope.Id("ladder"),
            scope.Duration("closeWithin", days: false, s_longest),
            scope.IdOrNull("agency"),
            scope.WholeOrNull("keypadDigit", 1, 9),
            Terms(scope),
            scope.FlagOrFalse("proofRequired"));
        scope.Done();
        if (scope.IsObject && scope.Node.Member("department") is null && scope.Node.Member("agency") is null)
        {
            scope.Errors.Add(scope.Node, "the category has neither 'department' nor 'agency': nobody would work it");
        }

        return (code, category);
    }

    public static Ladder Ladder(PolicyScope scope)
    {
        var id = scope.Id("id");
        var realTime = scope.Flag("realTime");
        var repeat = scope.Duration("repeatEvery", days: false, s_longest);
        var steps = new List<LadderStep>();
        var lastRung = -1;
        foreach (var step in scope.Each("steps", needed: true))
        {
            var level = step.Whole("level", 1, 10);
            var role = step.Choice("role", s_rungs);
            steps.Add(new LadderStep(role, step.Duration("patience", days: false, s_longest), step.FlagOrFalse("tellCitizen")));
            step.Done();
            if (step.Node.Member("level") is { Kind: NodeKind.Number } given && level != steps.Count)
            {
                step.Errors.Add(given, PolicyScope.Invariant($"gap in the ladder: this is step {steps.Count} and says level {level}"));
            }

            var rung = step.Node.Member("role") is { Kind: NodeKind.Text } said && s_rungs.ContainsKey(said.Text) ? IndexOf(role) : -1;
            if (rung >= 0 && lastRung >= 0 && rung != lastRung + 1)
            {
                step.Error("role", rung <= lastRung
                    ? $"the ladder does not go up: '{role}' after '{PolicyRoles.Ladder[lastRung]}'"
                    : $"gap in the ladder: '{PolicyRoles.Ladder[lastRung + 1]}' is missing before '{role}'");
            }

            lastRung = rung;
        }

        scope.Done();
        return new Ladder(id, realTime, steps, repeat);
    }

    public static Agency Agency(PolicyScope scope)
    {
        var agency = new Agency(
            scope.Id("id"),
            scope.Words("name"),
            scope.TextOrNull("phone", AgencyPhonePattern(), "a number as people dial it here (911, 920000000) or E.164"),
            scope.TextOrNull("email", PlaceSections.EmailPattern(), "an e-mail address"),
            scope.TextOrNull("webhook", WebhookPattern(), "an https address"),
            scope.Duration("answerWithin", days: true, s_longest),
            scope.DurationOrNull("doWithin", days: true, s_longest));
        scope.Done();
        return agency;
    }

    public static IntakeRules Intake(PolicyScope scope)
    {
        var rules = new IntakeRules(
            scope.Whole("maxTextLength", 100, 20_000),
            scope.WholeLong("maxPhotoBytes", 100_000, 100_000_000),
            scope.WholeLong("maxVoiceBytes", 100_000, 100_000_000),
            scope.Whole("maxAttachments", 1, 50),
            scope.Number("duplicateWithinMetres", 0, 2_000),
            scope.Duration("duplicateWithin", days: true, s_longest),
            scope.Whole("followersToRaise", 0, 1_000),
            scope.Whole("provenFollowersToRaiseAgain", 0, 1_000),
            scope.Whole("unprovenSmsPerDay", 0, 20),
            scope.Text("defaultCategory", CodePattern(), "the code of a category"));
        scope.Done();
        return rules;
    }

    public static SurveyRules Survey(PolicyScope scope)
    {
        var rules = new SurveyRules(
            scope.Whole("poorBelow", 2, 5),
            scope.Flag("reopenOnPoor"),
            scope.Duration("answerWithin", days: true, s_longest),
            scope.Whole("maxReopens", 0, 10),
            scope.Flag("verifyBeforeClose"));
        scope.Done();
        return rules;
    }

    private static List<CategoryTerm> Terms(PolicyScope category)
    {
        var terms = new List<CategoryTerm>();
        foreach (var scope in category.Each("terms", needed: false))
        {
            var term = new CategoryTerm(
                scope.Text("text", TermPattern(), "a word or phrase of 2 to 60 characters without spaces at its ends"),
                scope.Text("language", PolicyScope.LanguagePattern(), "a language in two or three small letters"),
                scope.Number("weight", 0, 10),
                scope.FlagOrFalse("hazard"));
            scope.Done();
            if (term.Text.Length > 0 && terms.Exists(t => t.Text == term.Text && t.Language == term.Language))
            {
                scope.Errors.Add(scope.Node, $"the term '{term.Text}' is there twice");
            }

            terms.Add(term);
        }

        return terms;
    }

    private static int IndexOf(string role) => PolicyRoles.Ladder.ToList().IndexOf(role);

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*\\.[a-z0-9]+(-[a-z0-9]+)*\\z", RegexOptions.CultureInvariant)]
    public static partial Regex CodePattern();

    [GeneratedRegex("^\\S(.{0,58}\\S)\\z", RegexOptions.CultureInvariant)]
    public static partial Regex TermPattern();

    [GeneratedRegex("^(\\+[1-9][0-9]{7,14}|[1-9][0-9]{2,9})\\z", RegexOptions.CultureInvariant)]
    private static partial Regex AgencyPhonePattern();

    [GeneratedRegex("^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/\\S*)?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex WebhookPattern();
}
