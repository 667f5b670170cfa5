using System.Globalization;
using Serverless940.Core.Policies;

namespace Serverless940.Functions.Policies;

/// <summary><c>--check-policy DIR</c>: says whether a policy fits together, without starting anything.</summary>
public static class CheckPolicyCommand
{
    /// <summary>Exit code of a policy that was accepted.</summary>
    public const int Accepted = 0;

    /// <summary>Exit code of a policy that was refused.</summary>
    public const int Refused = 1;

    /// <summary>Exit code when the folder or a file could not be read.</summary>
    public const int Unreadable = 2;

    /// <summary>Prints one <c>file:line:column: reason</c> per error, or what the policy holds.</summary>
    public static int Run(string directory, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        PolicyResult result;
        try
        {
            result = PolicyFolder.Read(directory);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            output.WriteLine($"{directory}: cannot be read: {unreadable.Message}");
            return Unreadable;
        }

        if (result.Policy is not { } policy)
        {
            foreach (var error in result.Errors)
            {
                output.WriteLine(error with { File = Path.Combine(directory, error.File) });
            }

            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{directory}: refused, {result.Errors.Count + result.NotListed} errors ({result.NotListed} not listed)"));
            return Refused;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{directory}: OK, version {policy.Version}: {policy.Municipalities.Count} municipalities, {policy.Departments.Count} departments, "
            + $"{policy.Teams.Count} teams, {policy.Categories.Count} categories, {policy.Ladders.Count} ladders, "
            + $"{policy.Calendars.Count} calendars, {policy.Agencies.Count} agencies"));
        return Accepted;
    }
}
