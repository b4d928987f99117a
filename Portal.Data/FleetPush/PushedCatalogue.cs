using System.Data;
using Npgsql;

namespace Portal.Data.FleetPush;

/// <summary>A site as it is pushed.</summary>
public sealed record PushedSite(Guid Id, string Name, string TimeZone);

/// <summary>A device as it is pushed.</summary>
public sealed record PushedDevice(string ExternalId, Guid SiteId, string Name, string? Model, DeviceRole Role);

/// <summary>A serial whose device was deleted. Both together name one deletion.</summary>
public sealed record Tombstone(string ExternalId, DateTimeOffset DeletedAt);

/// <summary>Sites, devices and deletions, as the pusher reads them and remembers what the fleet has.</summary>
public sealed class PushedCatalogue
{
    private readonly NpgsqlConnection connection;

    internal PushedCatalogue(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>Deletions that the fleet has not acknowledged, oldest first.</summary>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task<IReadOnlyList<Tombstone>> TombstonesAsync(int limit, CancellationToken cancellationToken) =>
        PushStore.GuardAsync<IReadOnlyList<Tombstone>>(async () =>
        {
            await using var command = new NpgsqlCommand(
                """
                SELECT "ExternalId", "DeletedAt" FROM monitoring."DeviceTombstones" WHERE "PushedAt" IS NULL ORDER BY "DeletedAt" LIMIT $1
                """,
                connection
            )
            {
                Parameters = { new NpgsqlParameter<int> { TypedValue = limit } },
            };
            var tombstones = new List<Tombstone>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                tombstones.Add(new Tombstone(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1)));
            }

            return tombstones;
        });

    /// <summary>
    /// The fleet has acknowledged these deletions. A tombstone whose serial has a device again goes; one whose serial was deleted once more
    /// since is another one, and stays to be pushed.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The database is away. They are pushed again.</exception>
    public Task AcknowledgeAsync(IReadOnlyList<Tombstone> tombstones, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(async () =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await CatalogueLock.TakeSharedAsync(connection, transaction, cancellationToken);
            await PushStore.ExecuteAsync(
                connection,
                """
                WITH pushed AS (
                  UPDATE monitoring."DeviceTombstones" AS t SET "PushedAt" = now()
                    FROM unnest($1, $2) AS p (serial, deleted)
                   WHERE t."ExternalId" = p.serial AND t."DeletedAt" = p.deleted
                     AND NOT EXISTS (SELECT FROM monitoring."Devices" AS d WHERE d."ExternalId" = p.serial)
                )
                DELETE FROM monitoring."DeviceTombstones" AS t
                 USING unnest($1, $2) AS p (serial, deleted)
                 WHERE t."ExternalId" = p.serial AND t."DeletedAt" = p.deleted
                   AND EXISTS (SELECT FROM monitoring."Devices" AS d WHERE d."ExternalId" = p.serial)
                """,
                cancellationToken,
                new NpgsqlParameter<string[]> { TypedValue = [.. tombstones.Select(tombstone => tombstone.ExternalId)] },
                new NpgsqlParameter<DateTime[]> { TypedValue = [.. tombstones.Select(tombstone => tombstone.DeletedAt.UtcDateTime)] }
            );
            await transaction.CommitAsync(cancellationToken);
        });

    /// <summary>Sites that were deleted here, and are not there again, in order of their keys.</summary>
    /// <param name="all">Also those whose deletion the fleet has acknowledged.</param>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task<IReadOnlyList<Guid>> DeletedSitesAsync(bool all, CancellationToken cancellationToken) =>
        PushStore.GuardAsync<IReadOnlyList<Guid>>(async () =>
        {
            await using var command = new NpgsqlCommand(
                """
                SELECT "Id" FROM monitoring."SiteTombstones" AS t
                 WHERE ($1 OR "PushedAt" IS NULL) AND NOT EXISTS (SELECT FROM monitoring."Sites" AS s WHERE s."Id" = t."Id") ORDER BY "Id"
                """,
                connection
            )
            {
                Parameters = { new NpgsqlParameter<bool> { TypedValue = all } },
            };
            var sites = new List<Guid>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                sites.Add(reader.GetGuid(0));
            }

            return sites;
        });

    /// <summary>The fleet has acknowledged that these sites are deleted.</summary>
    /// <exception cref="StoreUnavailableException">The database is away. They are pushed again.</exception>
    public Task AcknowledgeAsync(IReadOnlyList<Guid> deletedSites, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(() =>
            PushStore.ExecuteAsync(
                connection,
                """UPDATE monitoring."SiteTombstones" SET "PushedAt" = now() WHERE "Id" = ANY ($1)""",
                cancellationToken,
                new NpgsqlParameter<Guid[]> { TypedValue = [.. deletedSites] }
            )
        );

    /// <summary>All sites and devices, in a fixed order, and the fingerprint of what the fleet acknowledged last (null: nothing).</summary>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task<(IReadOnlyList<PushedSite> Sites, IReadOnlyList<PushedDevice> Devices, byte[]? Acknowledged)> ReadAsync(
        CancellationToken cancellationToken
    ) =>
        PushStore.GuardAsync<(IReadOnlyList<PushedSite>, IReadOnlyList<PushedDevice>, byte[]?)>(async () =>
        {
            // One snapshot: no device without its site.
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var batch = new NpgsqlBatch(connection, transaction)
            {
                BatchCommands =
                {
                    new("""SELECT "Id", "Name", "TimeZone" FROM monitoring."Sites" ORDER BY "Id" """),
                    new("""SELECT "ExternalId", "SiteId", "Name", "Model", "Role" FROM monitoring."Devices" ORDER BY "Id" """),
                    new("""SELECT "Catalogue" FROM monitoring."FleetPush" """),
                },
            };
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            var sites = new List<PushedSite>();
            while (await reader.ReadAsync(cancellationToken))
            {
                sites.Add(new PushedSite(reader.GetGuid(0), reader.GetString(1), reader.GetString(2)));
            }

            await reader.NextResultAsync(cancellationToken);
            var devices = new List<PushedDevice>();
            while (await reader.ReadAsync(cancellationToken))
            {
                devices.Add(
                    new PushedDevice(
                        reader.GetString(0),
                        reader.GetGuid(1),
                        reader.GetString(2),
                        reader.IsDBNull(3) ? null : reader.GetString(3),
                        Enum.Parse<DeviceRole>(reader.GetString(4))
                    )
                );
            }

            await reader.NextResultAsync(cancellationToken);
            var acknowledged = await reader.ReadAsync(cancellationToken) && !reader.IsDBNull(0) ? reader.GetFieldValue<byte[]>(0) : null;
            return (sites, devices, acknowledged);
        });

    /// <summary>The fleet has all of what has this fingerprint.</summary>
    /// <exception cref="StoreUnavailableException">The database is away. It is pushed again.</exception>
    public Task AcknowledgeAsync(byte[] fingerprint, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(() =>
            PushStore.ExecuteAsync(
                connection,
                """UPDATE monitoring."FleetPush" SET "Catalogue" = $1""",
                cancellationToken,
                new NpgsqlParameter { Value = fingerprint }
            )
        );
}
