using Portal.Domain.Measurements;

namespace Portal.TimeSeries;

/// <summary>A post that is to be written.</summary>
/// <param name="Batch">Its rows; not to be changed until the write is done.</param>
/// <param name="ReceivedAt">When the post came in by our clock, UTC. What counts as <see cref="RowOutcome.FutureTime"/> is measured from here.</param>
/// <param name="CustomerId">Whose serials it names; 0 in a customer's own stack.</param>
public sealed record ReceivedPost(MeasurementBatch Batch, DateTimeOffset ReceivedAt, int CustomerId = 0);
