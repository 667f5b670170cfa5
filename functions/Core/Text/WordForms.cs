namespace Serverless940.Core.Text;

/// <summary>Words in the form in which lists and terms know them.</summary>
internal static class WordForms
{
    /// <summary>The known forms of a text's words, in order; a text without a letter has none.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var forms = new List<string>();
        var cutter = new WordCutter(text, stackalloc char[WordCutter.LongestWord]);
        while (cutter.MoveNext())
        {
            forms.Add(WordForm.OfTerm(cutter.Word).ToString());
        }

        return forms;
    }
}
