using System.Data;
using System.Net.Sockets;
using Npgsql;

namespace Portal.TimeSeries;

/// <summary>What an error of the database means for the transaction that met it.</summary>
public static class StoreErrors
{
    /// <summary>Another row has the key: what the optimistic COPY hopes not to meet.</summary>
    public static bool IsDuplicate(PostgresException error) => error.SqlState == PostgresErrorCodes.UniqueViolation;

    /// <summary>No partition takes the row. A check constraint has the same code, and a name.</summary>
    public static bool IsMissingPartition(PostgresException error) =>
        error.SqlState == PostgresErrorCodes.CheckViolation && string.IsNullOrEmpty(error.ConstraintName);

    /// <summary>Two transactions were in each other's way; the same again may well succeed.</summary>
    public static bool IsCollision(PostgresException error) =>
        error.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>
    /// True where the fault lies with the server or the way to it and not with what was to be written: connection lost or refused, shut
    /// down, out of connections, memory or disk, timed out, refused sign-in, schema not there yet.
    /// </summary>
    public static bool IsUnavailable(Exception error, NpgsqlConnection? connection = null) =>
        error switch
        {
            PostgresException postgres => IsUnavailable(postgres.SqlState),
            NpgsqlException or IOException or SocketException or TimeoutException or TimeSeriesException => true,
            // Other exceptions come out of a stream whose connection has just gone.
            _ => connection?.FullState.HasFlag(ConnectionState.Broken) == true && error is not OperationCanceledException,
        };

    private static bool IsUnavailable(string state) =>
        state[..2] is "08" or "53" or "58" or "28" // connection, resources, the server's system, sign-in
        || state
            is PostgresErrorCodes.AdminShutdown
                or PostgresErrorCodes.CrashShutdown
                or PostgresErrorCodes.CannotConnectNow
                or "57P05" // idle session timeout
                or PostgresErrorCodes.QueryCanceled // statement_timeout
                or PostgresErrorCodes.LockNotAvailable
                or PostgresErrorCodes.ReadOnlySqlTransaction // a standby after a failover
                or PostgresErrorCodes.InvalidCatalogName // the database itself
                or PostgresErrorCodes.UndefinedTable
                or PostgresErrorCodes.UndefinedColumn;
}
