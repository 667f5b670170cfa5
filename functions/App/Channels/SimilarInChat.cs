using Microsoft.Extensions.Logging;
using Serverless940.Core.Channels;
using Serverless940.Core.Classification;
using Serverless940.Core.Geo;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Nearby;
using Serverless940.Functions.Platform.Reports;

namespace Serverless940.Functions.Channels;

/// <summary>
/// Shows a citizen in a chat with buttons that a report like his is known already, and does what he says of it. His own
/// was taken all the same: nothing is joined without his word.
/// </summary>
public sealed partial class SimilarInChat(INearbyReports nearby, IReportFinder reports, Policy policy, ILogger<SimilarInChat> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>At most two queries when a report was sent on; what fails in them is not the conversation's failure.</summary>
    public async Task<DialogueResult> AddAsync(Channel channel, DialogueResult result, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (channel != Channel.WhatsApp || result.Submissions is not [.., { Kind: not ReportKind.Enquiry, Place: { Lat: { } lat, Lon: { } lon } } last])
        {
            return result;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var found = await nearby.FindAsync(
                new GeoPoint(lat, lon), Classifier.Classify(policy, last.Text).Category, [last.Number], SuggestionBudget.Reads, patience.Token);
            return found is [var first, ..] && policy.Categories.TryGetValue(first.Report.Category, out var category)
                ? Dialogue.WithSimilar(result, first.Report.Number, category.Name.In(result.State.Language ?? policy.City.DefaultLanguage), first.DistanceMetres)
                : result;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogLeftOut(exception.GetType().Name);
            return result;
        }
    }

    /// <summary>What the citizen's words ask of his own report. One point read each.</summary>
    /// <exception cref="TransientFailureException">His report is still on its way.</exception>
    public async Task<IReadOnlyList<OutgoingMessage>> CommandsAsync(DialogueResult result, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        var commands = new List<OutgoingMessage>();
        foreach (var (similar, same) in result.Words)
        {
            var own = await reports.FindAsync(similar.Own, cancellationToken) ?? throw new TransientFailureException("the report is not there yet");
            // The number may be a stranger's, whose source was first; his report is not ours to join.
            if (own.SourceHash == similar.SourceHash)
            {
                commands.Add(Command(similar, same, now));
            }
        }

        return commands;
    }

    private static OutgoingMessage Command(SimilarReport similar, bool same, DateTimeOffset now)
    {
        var id = (same ? "join-" : "differ-") + similar.Other;
        ReportCommand command = same
            ? new Merge(similar.Other) { Number = similar.Own, CommandId = id, At = now, Actor = Actor.Citizen }
            : new Differ { Number = similar.Own, CommandId = id, At = now, Actor = Actor.Citizen, Other = similar.Other };
        return new OutgoingMessage(Names.Queues.Commands, $"{similar.Own}-{id}", similar.Own, command);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Similar reports are left out after {Failure}")]
    private partial void LogLeftOut(string failure);
}
