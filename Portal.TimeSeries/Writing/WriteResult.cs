using Portal.Domain.Measurements;

namespace Portal.TimeSeries;

/// <summary>What became of one post, all of it durable.</summary>
/// <param name="Outcomes">
/// By row of the batch. Of rows that turned out to be one instant (a local time that the clock skipped) a later one is accepted if the
/// first is and lacked one of its values.
/// </param>
/// <param name="Conflicts">
/// Rows with at least one value that differs from the one stored before, as stored (<c>real</c> has seven digits). The stored
/// one stays. 0 where the write replaces.
/// </param>
public sealed record WriteResult(IReadOnlyList<RowOutcome> Outcomes, int Conflicts);
