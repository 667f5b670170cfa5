using Serverless940.Core.Escalation;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Reports;

/// <summary>Which clock a report runs on: the ladder of its category over the calendar of its department.</summary>
internal static class ReportClock
{
    private const string EmergencyLadder = "emergency";

    public static EscalationClock Of(Policy policy, Category category, Priority priority, string? department)
    {
        var calendar = department is not null && policy.Departments.TryGetValue(department, out var known)
            ? policy.CalendarOf(known)
            : policy.Calendars[policy.City.Calendar];
        // Danger outruns the category: what was raised to an emergency climbs the emergencies' ladder.
        var ladder = priority == Priority.Emergency && policy.Ladders.TryGetValue(EmergencyLadder, out var emergency)
            ? emergency
            : policy.Ladders[category.Ladder];
        return new EscalationClock(ladder, calendar);
    }
}
