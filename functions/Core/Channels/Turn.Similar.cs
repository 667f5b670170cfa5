using Serverless940.Core.Reports;

namespace Serverless940.Core.Channels;

/// <summary>What a citizen says of a report that looks like his.</summary>
internal sealed partial class Turn
{
    internal const string Same = "same:";
    internal const string Different = "different:";

    private readonly List<WordOnSimilar> _words = [];

    internal static string Nonce(SimilarReport similar) => ReportNumber.SourceHash(similar.Own, similar.Other)[..8];

    private bool TakeWordOnSimilar()
    {
        if (e.ChoiceId is not { } id || !(id.StartsWith(Same, StringComparison.Ordinal) || id.StartsWith(Different, StringComparison.Ordinal)))
        {
            return false;
        }

        var same = id.StartsWith(Same, StringComparison.Ordinal);
        if (_state.Similar is not { } similar || id != (same ? Same : Different) + Nonce(similar) || _at - similar.At > Dialogue.DraftLife)
        {
            Say("dialogue.stale");
            AskAgain();
            return true;
        }

        _words.Add(new WordOnSimilar(similar, same));
        _state = _state with { Similar = null, Failures = 0 };
        Say(same ? "dialogue.same" : "dialogue.different");
        AskAgain();
        return true;
    }
}
