using Npgsql;

namespace Portal.TimeSeries;

/// <summary>
/// The time series of a stack on either engine. The tables and relations have the same names and columns on both, so this is all that
/// anyone needs to know of the difference.
/// </summary>
public interface ITimeSeries
{
    /// <summary>
    /// Brings the measurement table, its roll-ups and functions to what this assembly expects; a plain table that is there already is
    /// converted with its rows. Repeating it changes nothing. The caller holds the schema's lock.
    /// </summary>
    /// <returns>The engine that the database has from now on.</returns>
    /// <exception cref="TimeSeriesException">The database can't be brought there; the message says what to do.</exception>
    Task<TimeSeriesEngine> BootstrapAsync(NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>Null where the database has all this assembly needs, else a sentence that says what is missing.</summary>
    Task<string?> MissingAsync(NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>
    /// Makes room for rows from <paramref name="min"/> to <paramref name="max"/>, both inclusive. It commits by itself, so call it before the
    /// writing transaction, or after that was refused for want of a partition. Every month of the range is created: call it once per month that
    /// has rows rather than over a gap of years. It asks the database each time, so what somebody dropped is there again. Nothing to do on TimescaleDB.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Before <c>MeterClock.Floor</c> or more than a day ahead: no meter's mistake makes partitions there.</exception>
    Task EnsureTimeRangeAsync(DateTimeOffset min, DateTimeOffset max, CancellationToken cancellationToken);

    /// <summary>
    /// Says in the transaction that writes rows which quarter hours of which devices it touched, so that the roll-ups follow.
    /// Order and repetitions don't matter; any instant within a quarter hour stands for it.
    /// </summary>
    /// <param name="besides">What else the transaction has to write down, in the same round trip; null for nothing.</param>
    Task NoteTouchedAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<(DeviceKey Device, DateTimeOffset QuarterHour)> touched,
        NpgsqlBatchCommand? besides,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// One bounded pass that brings roll-ups up to date. Readers don't wait for it on plain PostgreSQL (what was touched is computed live until
    /// then); on TimescaleDB rows older than what is materialised show in the roll-ups after it.
    /// </summary>
    /// <returns>What was done; null where another process is at it right now.</returns>
    /// <exception cref="NpgsqlException">The database is away or refuses; nothing is lost, the next pass does it.</exception>
    Task<RollUpPass?> RefreshAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a device's measurements, roll-ups and notes, in the transaction that deletes the device and holds
    /// <see cref="CatalogueLock"/> exclusively.
    /// </summary>
    /// <returns>How many measurements there were.</returns>
    Task<long> ForgetDeviceAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        DeviceKey device,
        CancellationToken cancellationToken
    );
}
