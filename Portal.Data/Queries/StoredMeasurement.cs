namespace Portal.Data.Queries;

/// <summary>One stored row of a device.</summary>
/// <param name="Time">The device's clock, UTC.</param>
/// <param name="ReceivedAt">When the row was first stored, UTC.</param>
/// <param name="Values">
/// Known values by their name on the wire; absent ones are left out. <see cref="float"/> for instantaneous quantities (so that
/// 12.34 prints as 12.34), <see cref="double"/> for registers, <see cref="string"/> for the load type.
/// </param>
public sealed record StoredMeasurement(DateTimeOffset Time, DateTimeOffset ReceivedAt, IReadOnlyDictionary<string, object> Values);
