using Portal.Domain.Measurements;

namespace Portal.Data;

/// <summary>A post that is to be written.</summary>
/// <param name="Batch">Its rows; not to be changed until the write is done.</param>
/// <param name="ReceivedAt">When the post came in by our clock, UTC. What counts as <see cref="RowOutcome.FutureTime"/> is measured from here.</param>
public sealed record ReceivedPost(MeasurementBatch Batch, DateTimeOffset ReceivedAt);
