namespace Serverless940.Functions.Tests.Speed;

/// <summary>
/// What lies between a report's HTTP request and the text that confirms it: each operation that the text waits for, in
/// order. The two deliveries are the trigger's; what the functions do after they have handed on is beside the path.
/// </summary>
/// <param name="Path">Operations that the text waits for.</param>
/// <param name="Beside">What else the report caused: projections, staff, cleaning up.</param>
public sealed record CausalPath(IReadOnlyList<Operation> Path, IReadOnlyList<Operation> Beside)
{
    /// <summary>The most that may lie on the path.</summary>
    public const int Limit = 14;

    /// <summary>The functions on the path, each with the operation by which it hands on.</summary>
    private static readonly (string Function, string Queue, string HandsOn)[] _steps =
    [
        ("SubmitReport", "", "bus send commands"),
        ("HandleReportCommand", "commands", "bus send notifications"),
        ("SendCitizenNotification", "notifications", "sms send"),
    ];

    /// <summary>Reads the path of the one report that a log holds.</summary>
    public static CausalPath Of(OperationLog log)
    {
        var path = new List<Operation>();
        var beside = log.Calls().ToList();
        foreach (var (function, queue, handsOn) in _steps)
        {
            if (queue.Length > 0)
            {
                path.Add(new Operation(OperationLog.Host, "bus deliver " + queue));
            }

            var own = beside.Where(operation => operation.Function == function).ToList();
            var on = own[..(own.FindIndex(operation => operation.Name == handsOn) + 1)];
            path.AddRange(on);
            on.ForEach(operation => beside.Remove(operation));
        }

        return new CausalPath(path, beside);
    }
}
