using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reports;

/// <summary>What the citizen gets for a report that was taken in.</summary>
public sealed record Receipt(string Number, string Token, Uri TrackUrl);

/// <summary>Gives a report its number and puts it on the bus: one durable write, whatever else exists.</summary>
public sealed class ReportIntake(BusSender bus, ReportAccess access, Policy policy)
{
    /// <summary>Number, token and address of a source; computed, not stored.</summary>
    public Receipt ReceiptOf(string sourceHash, DateTimeOffset at)
    {
        var number = ReportNumber.Derive(sourceHash, policy.Calendars[policy.City.Calendar].ToLocal(at).Year);
        var token = access.Token(number, sourceHash);
        return new Receipt(number, token, access.TrackUrl(number, token));
    }

    /// <summary>One send.</summary>
    public Task SubmitAsync(
        Receipt receipt, string sourceHash, CheckedIntake intake, IReadOnlyList<Attachment> attachments, Actor actor, string? agent,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        ArgumentNullException.ThrowIfNull(intake);
        // With the number: over the turn of the year the same key has another one, and the bus must not take it for a repeat.
        var id = $"submit-{receipt.Number}-{sourceHash}";
        return bus.SendAsync(
            new OutgoingMessage(Names.Queues.Commands, id, receipt.Number, new SubmitReport
            {
                Number = receipt.Number,
                CommandId = id,
                At = now,
                Actor = actor,
                SourceHash = sourceHash,
                Channel = intake.Channel,
                Kind = intake.Kind,
                Category = intake.Category,
                Text = intake.Text,
                Place = intake.Place,
                Reporter = intake.Reporter,
                Attachments = attachments,
                Agent = agent,
            }),
            cancellationToken);
    }
}
