namespace Portal.TimeSeries;

/// <summary>What one pass over the roll-ups' to-do list did.</summary>
/// <param name="Notes">Notes dealt with; 0 means that the roll-ups were up to date.</param>
/// <param name="Buckets">Quarter hours rolled up again, or hours in the fleet, which has no shorter buckets (on TimescaleDB, of all devices at once: refreshed).</param>
/// <param name="Lag">Age of the oldest of the notes; zero where there was none.</param>
/// <param name="More">True where the pass stopped at its bound, so that the next should follow at once.</param>
public sealed record RollUpPass(long Notes, long Buckets, TimeSpan Lag, bool More);
