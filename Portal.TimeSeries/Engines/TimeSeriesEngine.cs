namespace Portal.TimeSeries;

/// <summary>What keeps the measurements in a database.</summary>
public enum TimeSeriesEngine
{
    /// <summary>PostgreSQL alone: partitions and roll-up tables.</summary>
    Postgres,

    /// <summary>PostgreSQL with TimescaleDB: hypertable and continuous aggregates.</summary>
    Timescale,
}
