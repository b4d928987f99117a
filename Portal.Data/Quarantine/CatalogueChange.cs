using Npgsql;

namespace Portal.Data.Quarantine;

/// <summary>A transaction that changes the catalogue: exclusive lock first, audit entry last. Disposing it rolls back what is not committed.</summary>
internal sealed class CatalogueChange(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    /// <summary>Seconds for one statement: deleting years of a device's measurements takes longer than what a page waits for otherwise.</summary>
    private const int CommandTimeout = 600;

    public NpgsqlConnection Connection => connection;

    public NpgsqlTransaction Transaction => transaction;

    public static async Task<CatalogueChange> BeginAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await CatalogueLock.TakeExclusiveAsync(connection, transaction, cancellationToken);
            return new CatalogueChange(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public NpgsqlCommand Command(string sql) => new(sql, connection, transaction) { CommandTimeout = CommandTimeout };

    /// <summary>All sites and devices, as they stay until this has ended. Bound: those of a stack, some thousand.</summary>
    public async Task<(IReadOnlyList<Site> Sites, IReadOnlyList<Device> Devices)> ReadAsync(CancellationToken cancellationToken)
    {
        var sites = new List<Site>();
        await using (var command = Command("""SELECT "Id", "Name", "TimeZone", "CreatedAt" FROM monitoring."Sites" """))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                sites.Add(new Site { Id = reader.GetGuid(0), Name = reader.GetString(1), TimeZone = reader.GetString(2), CreatedAt = reader.GetFieldValue<DateTimeOffset>(3) });
            }
        }

        var devices = new List<Device>();
        await using (var command = Command("""SELECT "Id", "SiteId", "Name", "ExternalId", "Model", "Role", "CreatedAt" FROM monitoring."Devices" """))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                devices.Add(new Device
                {
                    Id = reader.GetInt32(0),
                    SiteId = reader.GetGuid(1),
                    Name = reader.GetString(2),
                    ExternalId = reader.GetString(3),
                    Model = reader.IsDBNull(4) ? null : reader.GetString(4),
                    Role = Enum.Parse<DeviceRole>(reader.GetString(5)),
                    CreatedAt = reader.GetFieldValue<DateTimeOffset>(6),
                });
            }
        }

        return (sites, devices);
    }

    public Task CommitAsync(CancellationToken cancellationToken) => transaction.CommitAsync(cancellationToken);

    /// <summary>Writes the entry, with numbers added to its details.</summary>
    public async Task WriteAsync(AuditEntry audit, CancellationToken cancellationToken, params (string Name, long Value)[] numbers)
    {
        await using var command = Command(
            """
            INSERT INTO portal."AuditEntries" ("At", "Actor", "Action", "Subject", "Details")
            VALUES ($1, $2, $3, $4, $5::jsonb || (SELECT jsonb_object_agg(name, value) FROM unnest($6::text[], $7::bigint[]) AS number (name, value)))
            """
        );
        var (names, values) = (numbers.Select(number => number.Name).ToArray(), numbers.Select(number => number.Value).ToArray());
        foreach (var value in new object[] { audit.At.UtcDateTime, audit.Actor, audit.Action, audit.Subject, audit.Details, names, values })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
