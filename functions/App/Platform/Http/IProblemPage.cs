using Microsoft.AspNetCore.Http;

namespace Serverless940.Functions.Platform.Http;

/// <summary>A refusal as a person in a browser reads it; programs keep their problem JSON.</summary>
public interface IProblemPage
{
    /// <param name="answer">Returned as it is when it is no problem, or no browser asked.</param>
    /// <param name="back">Address of the page to go back to.</param>
    IResult Show(HttpRequest request, IResult answer, string? back = null);
}
