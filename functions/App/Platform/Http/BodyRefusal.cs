using System.Text.Json;
using Serverless940.Core.Text;

namespace Serverless940.Functions.Platform.Http;

/// <summary>Why a request's body is not taken.</summary>
/// <param name="Code">The problem's code.</param>
/// <param name="Errors">What is wrong with which field, where that can be said.</param>
public sealed record BodyRefusal(string Code, IReadOnlyList<FieldError>? Errors = null)
{
    /// <summary>
    /// What the reader stumbled over: text that is no JSON, or a member of it whose value its field does not take (a word
    /// for a number, a kind that there is not), which is then named.
    /// </summary>
    public static BodyRefusal Of(JsonException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        // Broken text is reported by the tokenizer, wrapped once; a value that does not fit is not.
        return exception.InnerException is not JsonException && exception.Path is ['$', '.', .. { Length: > 0 } field]
            ? new BodyRefusal("invalidRequest", [new FieldError(field, new LocalizedText("قيمة لا يقبلها هذا الحقل", "Not a value that this field takes"))])
            : new BodyRefusal("invalidJson");
    }
}
