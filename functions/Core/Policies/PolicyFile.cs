namespace Serverless940.Core.Policies;

/// <summary>One file of a policy, as bytes that somebody else has read.</summary>
/// <param name="Name">Name for messages, e.g. <c>categories.json</c>.</param>
/// <param name="Utf8">Its content; a byte order mark is allowed.</param>
public sealed record PolicyFile(string Name, ReadOnlyMemory<byte> Utf8);

/// <summary>What is wrong at one place of a policy.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column in UTF-16 characters, from 1.</param>
/// <param name="Path">Where in the document, e.g. <c>$.categories[3].ladder</c>.</param>
/// <param name="Reason">What is wrong, in English, for who edits the policy.</param>
public sealed record PolicyError(string File, int Line, int Column, string Path, string Reason)
{
    /// <summary>As compilers write it, so that editors can jump there.</summary>
    public override string ToString() => Line == 0
        ? $"{File}: {Reason}"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {Reason} ({Path})");
}

/// <summary>A policy, or every reason against it.</summary>
/// <param name="Policy">The policy; <see langword="null"/> as soon as there is one error.</param>
/// <param name="Errors">By file, line and column; at most <see cref="MaxErrors"/>.</param>
/// <param name="NotListed">How many more there were.</param>
public sealed record PolicyResult(Policy? Policy, IReadOnlyList<PolicyError> Errors, int NotListed)
{
    /// <summary>Most errors that are listed.</summary>
    public const int MaxErrors = 100;

    /// <summary>Whether there is a policy.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Policy))]
    public bool Ok => Policy is not null;
}
