using Microsoft.Extensions.Logging;

namespace Portal.TimeSeries;

/// <summary>The line that operators look for after a start.</summary>
public static class ReadyLine
{
    public static void LogReady(this ILogger logger, SeriesLayout layout, TimeSeriesEngine engine)
    {
        if (engine is TimeSeriesEngine.Timescale)
        {
            logger.LogInformation("TimescaleDB hypertable for {Table} is ready", layout.Name);
        }
        else
        {
            logger.LogInformation(
                "Partitioned table for {Table} is ready (plain PostgreSQL: monthly partitions instead of a hypertable, roll-up tables instead of continuous aggregates)",
                layout.Name
            );
        }
    }
}
