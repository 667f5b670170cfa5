using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Text;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Board;

/// <summary>What a member of staff asks the board for, within his scope.</summary>
/// <param name="Municipalities">Ids, with <see cref="BoardIndex.Nowhere"/> for what nobody could place.</param>
/// <param name="Status">Empty means everything open.</param>
/// <param name="Escalation">At least this rung.</param>
/// <param name="Query">Digits of a number, or a part of a category's or team's code.</param>
/// <param name="After">The row after which this page begins.</param>
public sealed record BoardQuery(
    IReadOnlyList<string> Municipalities,
    IReadOnlySet<string> Departments,
    IReadOnlySet<ReportStatus> Status,
    string? Category,
    bool? Overdue,
    int Escalation,
    Priority? Priority,
    string? Team,
    string? Query,
    string Month,
    int Top,
    (long Due, string Number)? After)
{
    private const int MostRows = 500;

    /// <summary>Reads the query; what is wrong with it stands in the errors.</summary>
    public static (BoardQuery? Query, IReadOnlyList<FieldError> Errors) Read(IQueryCollection query, StaffPrincipal principal, Policy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(principal);
        ArgumentNullException.ThrowIfNull(policy);
        var errors = new List<FieldError>();
        var municipalities = WantedMunicipalities(query, principal, policy, errors);
        var departments = WantedDepartments(query, principal, policy, errors);
        var status = Statuses(query, errors);
        var overdue = Text(query, "overdue") switch
        {
            null => (bool?)null,
            "true" => true,
            "false" => false,
            _ => Wrong(errors, "overdue", "true, false"),
        };
        var category = Text(query, "category");
        if (category is not null && !policy.Categories.Keys.Any(code => Within(code, category)))
        {
            errors.Add(new FieldError("category", new LocalizedText("لا يوجد تصنيف بهذا الرمز", "There is no category of this code")));
        }

        var priority = Text(query, "priority") is { } wanted
            ? !char.IsAsciiDigit(wanted[0]) && Enum.TryParse<Priority>(wanted, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : (Priority?)Wrong<Priority>(errors, "priority")
            : null;
        var month = Text(query, "month") ?? BoardIndex.Month(now);
        if (!DateTime.TryParseExact(month, "yyyyMM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            Wrong(errors, "month", "yyyyMM");
        }

        var after = Cursor(Text(query, "next"), errors);
        var built = new BoardQuery(
            municipalities, departments, status, category, overdue, Number(query, "escalation", 0, 99, 0, errors), priority, Text(query, "team"),
            Text(query, "q"), month, Number(query, "top", 1, MostRows, 100, errors), after);
        return errors.Count == 0 ? (built, errors) : (null, errors);
    }

    /// <summary>The partitions that hold what is asked for.</summary>
    public IReadOnlyList<string> Partitions => [.. Municipalities.SelectMany(PartitionsOf)];

    /// <summary>What will be late first comes first; what promises nothing comes last.</summary>
    public static (long Due, string Number) SortKey(BoardRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return (row.DueAt?.UtcTicks ?? long.MaxValue, row.Number);
    }

    public static string Next(BoardRow last)
    {
        var (due, number) = SortKey(last);
        return Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{due}|{number}"))).TrimEnd('=');
    }

    public bool Takes(BoardRow row, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(row);
        return (Status.Count == 0 ? row.IsOpen : Status.Contains(row.Status))
            && (Departments.Count == 0 || row.Department is null || Departments.Contains(row.Department))
            && (Category is null || Within(row.Category, Category))
            && (Overdue is null || Overdue == (row.IsOpen && row.DueAt < now))
            && row.EscalationLevel >= Escalation
            && (Priority is null || row.Priority == Priority)
            && (Team is null || row.Team == Team)
            && (Query is null || row.Number.Contains(Query, StringComparison.Ordinal)
                || row.Category.Contains(Query, StringComparison.OrdinalIgnoreCase) || row.Team?.Contains(Query, StringComparison.OrdinalIgnoreCase) == true);
    }

    private IEnumerable<string> PartitionsOf(string municipality)
    {
        var id = municipality == BoardIndex.Nowhere ? null : municipality;
        if (Status.Count == 0 || Status.Any(status => status is not (ReportStatus.Closed or ReportStatus.Rejected or ReportStatus.Merged)))
        {
            yield return BoardIndex.OpenPartition(id);
        }

        if (Status.Overlaps([ReportStatus.Closed, ReportStatus.Rejected, ReportStatus.Merged]))
        {
            yield return BoardIndex.FinishedPartition(id, Month);
        }
    }

    private static List<string> WantedMunicipalities(IQueryCollection query, StaffPrincipal principal, Policy policy, List<FieldError> errors)
    {
        var covered = policy.Municipalities.Keys.Where(id => principal.Covers(id, null)).Order(StringComparer.Ordinal).Append(BoardIndex.Nowhere).ToList();
        if (Text(query, "municipality") is not { } asked)
        {
            return covered;
        }

        var wanted = asked.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToList();
        if (wanted.Count == 0 || wanted.Exists(id => id != BoardIndex.Nowhere && !policy.Municipalities.ContainsKey(id)))
        {
            errors.Add(new FieldError("municipality", new LocalizedText("لا توجد بلدية بهذا الرمز", "There is no municipality of this code")));
        }
        else if (wanted.Exists(id => !covered.Contains(id)))
        {
            errors.Add(new FieldError("municipality", new LocalizedText("خارج نطاقكم", "Outside of your scope")));
        }

        return wanted;
    }

    private static HashSet<string> WantedDepartments(IQueryCollection query, StaffPrincipal principal, Policy policy, List<FieldError> errors)
    {
        if (Text(query, "department") is not { } asked)
        {
            return [.. principal.Departments];
        }

        var wanted = asked.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        if (wanted.Any(id => !policy.Departments.ContainsKey(id)))
        {
            errors.Add(new FieldError("department", new LocalizedText("لا توجد إدارة بهذا الرمز", "There is no department of this code")));
        }
        else if (wanted.Any(id => !principal.Covers(null, id)))
        {
            errors.Add(new FieldError("department", new LocalizedText("خارج نطاقكم", "Outside of your scope")));
        }

        return wanted;
    }

    private static HashSet<ReportStatus> Statuses(IQueryCollection query, List<FieldError> errors)
    {
        var statuses = new HashSet<ReportStatus>();
        foreach (var name in (Text(query, "status") ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!char.IsAsciiDigit(name[0]) && Enum.TryParse<ReportStatus>(name, ignoreCase: true, out var status) && Enum.IsDefined(status))
            {
                statuses.Add(status);
            }
            else
            {
                Wrong<ReportStatus>(errors, "status");
                break;
            }
        }

        return statuses;
    }

    private static (long Due, string Number)? Cursor(string? next, List<FieldError> errors)
    {
        if (next is null)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[96];
        if (next.Length <= 100
            && Convert.TryFromBase64String(next.PadRight((next.Length + 3) / 4 * 4, '='), bytes, out var written)
            && Encoding.ASCII.GetString(bytes[..written]).Split('|') is [var due, { Length: > 0 } number]
            && long.TryParse(due, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks))
        {
            return (ticks, number);
        }

        errors.Add(new FieldError("next", new LocalizedText("ليس مما أعطيناكم", "Not one that we gave")));
        return null;
    }

    // A category's code, or the group that it begins with.
    private static bool Within(string code, string wanted) =>
        code == wanted || (code.StartsWith(wanted, StringComparison.Ordinal) && code.Length > wanted.Length && code[wanted.Length] == '.');

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 and <= 200 } text ? text : null;

    private static int Number(IQueryCollection query, string name, int least, int most, int otherwise, List<FieldError> errors)
    {
        if (Text(query, name) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        errors.Add(new FieldError(name, new LocalizedText(
            string.Create(CultureInfo.InvariantCulture, $"من {least} إلى {most}"), string.Create(CultureInfo.InvariantCulture, $"From {least} to {most}"))));
        return otherwise;
    }

    private static bool? Wrong(List<FieldError> errors, string field, string values)
    {
        errors.Add(new FieldError(field, new LocalizedText("أحد: " + values, "One of: " + values)));
        return null;
    }

    private static T? Wrong<T>(List<FieldError> errors, string field)
        where T : struct, Enum
    {
        Wrong(errors, field, string.Join(", ", Enum.GetNames<T>().Select(name => char.ToLowerInvariant(name[0]) + name[1..])));
        return null;
    }
}
