namespace Portal.Data.TimeSeries.Gathering;

/// <summary>What one pass did for a day.</summary>
/// <param name="Day">UTC.</param>
/// <param name="Devices">Devices that the pass dealt with, those without rows included.</param>
/// <param name="Rows">Rows that it moved.</param>
/// <param name="IsDone">False where it gave way to somebody who writes the same rows, or changes the catalogue: the next one goes on there.</param>
public sealed record GatheredDay(DateOnly Day, int Devices, long Rows, bool IsDone);
