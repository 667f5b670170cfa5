using Serverless940.Core.Messages;

namespace Serverless940.Simulator;

/// <summary>A request of the past, as a file tells it.</summary>
/// <param name="ClosedAt">When it was closed, as far as the file knows.</param>
/// <param name="Category">Code of the policy; what the policy lacks becomes its default category.</param>
/// <param name="Municipality">Id of the policy, when the file names one.</param>
/// <param name="Type">What the office that took it in called it.</param>
public sealed record PastRequest(
    string Id, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Category, string? Municipality, Channel Channel, double? Lat, double? Lon, string? Text, string? Type = null);
