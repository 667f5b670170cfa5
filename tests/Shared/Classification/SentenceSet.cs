using System.Security.Cryptography;
using System.Text;

namespace Serverless940.Tests.Shared;

/// <summary>A sentence and what a person says it is.</summary>
/// <param name="Hazard">Whether it tells of danger to people.</param>
public sealed record LabelledSentence(string Category, string Language, bool Hazard, string Text)
{
    /// <summary>A third, by the hash of the text, is never looked at while terms are written: its figures are the ones that count.</summary>
    public bool HeldOut => SHA256.HashData(Encoding.UTF8.GetBytes(Text))[0] % 3 == 0;
}

/// <summary>Our own sentences in the words of many dialects and languages, each with its label.</summary>
public static class SentenceSet
{
    /// <summary>The label of what is not ours, or says nothing.</summary>
    public const string Unclassified = "other.unclassified";

    public static IReadOnlyList<LabelledSentence> All { get; } = Read();

    private static List<LabelledSentence> Read()
    {
        using var stream = typeof(SentenceSet).Assembly.GetManifestResourceStream("sentences.tsv") ?? throw new InvalidOperationException("The sentences are missing.");
        using var reader = new StreamReader(stream);
        var sentences = new List<LabelledSentence>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Split('\t') is [var category, var language, var hazard, var text] && !line.StartsWith('#'))
            {
                sentences.Add(new LabelledSentence(category, language, hazard == "h", text));
            }
        }

        return sentences;
    }
}
