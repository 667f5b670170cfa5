namespace Serverless940.Core.Policies;

/// <summary>Reads what the telephone says and whom it rings.</summary>
internal static class PhoneSections
{
    private const int LongestText = 1500;

    public static PhoneRules Phone(PolicyScope scope)
    {
        var rules = new PhoneRules(
            scope.Text("agentPhone", PlaceSections.PhonePattern(), "a phone in E.164, such as +966500000001"),
            scope.Id("agentCalendar"),
            CalendarReader.Time(scope, "callsFrom"),
            CalendarReader.Time(scope, "callsUntil"));
        scope.Done();
        return rules;
    }

    public static InformationTopic Topic(PolicyScope scope)
    {
        var topic = new InformationTopic(
            scope.Id("id"), scope.Whole("keypadDigit", 1, 9), scope.Words("title"), scope.Words("text", LongestText));
        scope.Done();
        return topic;
    }
}
