using Npgsql;
using Portal.Data.FleetPush;
using Portal.Data.Quarantine;
using Portal.TimeSeries;

namespace Portal.Data;

/// <summary>
/// Creates, claims, changes and deletes devices. Each is one transaction that holds the catalogue exclusive: writers wait, so that no row of a
/// device falls between quarantine and measurements, and none is written for a device that goes.
/// </summary>
/// <remarks>Posts wait for as long as it takes: about a second for 100,000 quarantined rows, or for deleting half a million measurements.</remarks>
public sealed class DeviceAdmission(NpgsqlDataSource dataSource, ITimeSeries timeSeries, QuarantineUsage usage)
{
    /// <summary>Creates a device and admits what waits for its serial, which makes plain creation and claiming the same.</summary>
    /// <param name="device">The new device; its <see cref="Device.Id"/> is given by the database and set here.</param>
    /// <param name="audit">Written in the same transaction; its details get <c>admittedRows</c>.</param>
    /// <exception cref="NpgsqlException">The database is away: nothing is done.</exception>
    /// <exception cref="TimeZoneNotFoundException">Rows with local times wait and the site's zone is unknown on this machine: nothing is done.</exception>
    public Task<AdmissionResult> CreateAsync(Device device, AuditEntry audit, CancellationToken cancellationToken) =>
        SaveAsync(
            """
            INSERT INTO monitoring."Devices" ("SiteId", "Name", "ExternalId", "Model", "Role", "CreatedAt")
            VALUES ($1, $2, $3, $4, $5, $6) RETURNING "Id"
            """,
            device,
            audit,
            new NpgsqlParameter { Value = device.CreatedAt.UtcDateTime },
            cancellationToken
        );

    /// <summary>
    /// Changes everything of a device but its <see cref="Device.Id"/> and <see cref="Device.CreatedAt"/>. With another serial it keeps its
    /// measurements, and what waits for that serial is admitted.
    /// </summary>
    /// <param name="device">The device as it is to be.</param>
    /// <param name="audit">As for <see cref="CreateAsync"/>.</param>
    public Task<AdmissionResult> ChangeAsync(Device device, AuditEntry audit, CancellationToken cancellationToken) =>
        SaveAsync(
            """
            UPDATE monitoring."Devices" SET "SiteId" = $1, "Name" = $2, "ExternalId" = $3, "Model" = $4, "Role" = $5
             WHERE "Id" = $6 RETURNING "Id"
            """,
            device,
            audit,
            new NpgsqlParameter { Value = device.Id },
            cancellationToken
        );

    /// <summary>Deletes a device with its measurements, their roll-ups and notes, from the fleet as well. What its serial posts afterwards is quarantined.</summary>
    /// <param name="audit">Written in the same transaction; its details get <c>deletedRows</c>.</param>
    /// <returns>False where there is no such device.</returns>
    /// <exception cref="NpgsqlException">The database is away: nothing is deleted.</exception>
    public async Task<bool> DeleteAsync(int deviceId, AuditEntry audit, CancellationToken cancellationToken)
    {
        await using var change = await CatalogueChange.BeginAsync(dataSource, cancellationToken);
        if (!await OutboxChanges.BuryAsync(change, deviceId, cancellationToken))
        {
            return false;
        }

        var rows = await timeSeries.ForgetDeviceAsync(change.Connection, change.Transaction, new DeviceKey(deviceId), cancellationToken);
        await using var delete = change.Command("""DELETE FROM monitoring."Devices" WHERE "Id" = $1""");
        delete.Parameters.Add(new NpgsqlParameter { Value = deviceId });
        await delete.ExecuteNonQueryAsync(cancellationToken);
        await change.CommitAsync(audit, "deletedRows", rows, cancellationToken);
        return true;
    }

    private async Task<AdmissionResult> SaveAsync(
        string sql,
        Device device,
        AuditEntry audit,
        NpgsqlParameter last,
        CancellationToken cancellationToken
    )
    {
        await using var change = await CatalogueChange.BeginAsync(dataSource, cancellationToken);
        var before = await OutboxChanges.SerialAsync(change, device.Id, cancellationToken); // null for a new one
        await using var save = change.Command(sql);
        save.Parameters.Add(new NpgsqlParameter { Value = device.SiteId });
        save.Parameters.Add(new NpgsqlParameter { Value = device.Name });
        save.Parameters.Add(new NpgsqlParameter { Value = device.ExternalId });
        save.Parameters.Add(new NpgsqlParameter { Value = (object?)device.Model ?? DBNull.Value });
        save.Parameters.Add(new NpgsqlParameter { Value = device.Role.ToString() });
        save.Parameters.Add(last);
        try
        {
            if (await save.ExecuteScalarAsync(cancellationToken) is not int id)
            {
                return new AdmissionResult(AdmissionOutcome.UnknownDevice, 0, 0);
            }

            device.Id = id;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UniqueViolation)
        {
            return new AdmissionResult(AdmissionOutcome.ExternalIdTaken, 0, 0);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.ForeignKeyViolation)
        {
            return new AdmissionResult(AdmissionOutcome.UnknownSite, 0, 0);
        }

        if (before is not null && before != device.ExternalId)
        {
            await OutboxChanges.RenameAsync(change, device.Id, before, cancellationToken);
        }

        await OutboxChanges.BearAsync(change, device.ExternalId, cancellationToken);
        var (stored, gone) = await new QuarantinedRows(change, timeSeries).AdmitAsync(device, cancellationToken);
        await change.CommitAsync(audit, "admittedRows", stored, cancellationToken);
        usage.Add(new QuarantineAmount(-gone.Rows, -gone.Bytes));
        return new AdmissionResult(AdmissionOutcome.Done, device.Id, stored);
    }
}
