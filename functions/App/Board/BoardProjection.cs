using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Projections;

namespace Serverless940.Functions.Board;

/// <summary>Keeps the board: three operations a change, four when the report moved to another list.</summary>
public sealed class BoardProjection(BoardIndex index) : IReportProjection
{
    public Task ApplyAsync(ReportChanged changed, CancellationToken cancellationToken) => index.PutAsync(BoardRow.Of(changed), cancellationToken);
}
