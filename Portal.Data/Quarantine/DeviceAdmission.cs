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
    private const string Insert = """
        INSERT INTO monitoring."Devices" ("SiteId", "Name", "ExternalId", "Model", "Role", "CreatedAt")
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING "Id"
        """;

    private const string Update = """
        UPDATE monitoring."Devices" SET "SiteId" = $1, "Name" = $2, "ExternalId" = $3, "Model" = $4, "Role" = $5
         WHERE "Id" = $6 RETURNING "Id"
        """;

    /// <summary>Creates a device and admits what waits for its serial, which makes plain creation and claiming the same.</summary>
    /// <param name="device">The new device; its <see cref="Device.Id"/> is given by the database and set here.</param>
    /// <param name="audit">Written in the same transaction; its details get <c>id</c> and <c>admittedRows</c>.</param>
    /// <exception cref="NpgsqlException">The database is away: nothing is done.</exception>
    /// <exception cref="TimeZoneNotFoundException">Rows with local times wait and the site's zone is unknown on this machine: nothing is done.</exception>
    public Task<AdmissionResult> CreateAsync(Device device, AuditEntry audit, CancellationToken cancellationToken) => SaveAsync(device, audit, cancellationToken);

    /// <summary>
    /// Changes everything of a device but its <see cref="Device.Id"/> and <see cref="Device.CreatedAt"/>. With another serial it keeps its
    /// measurements, and what waits for that serial is admitted.
    /// </summary>
    /// <param name="device">The device as it is to be.</param>
    /// <param name="audit">As for <see cref="CreateAsync"/>.</param>
    public Task<AdmissionResult> ChangeAsync(Device device, AuditEntry audit, CancellationToken cancellationToken) => SaveAsync(device, audit, cancellationToken);

    /// <summary>Creates sites, and creates and changes devices, all of them or none, as one by one.</summary>
    /// <param name="plan">
    /// Says what to do, from all sites and devices that there are: asked under the catalogue's lock, so that no other import, claim, change or
    /// deletion comes between its answer and what is written. Null: nothing, it is another catalogue than was meant.
    /// </param>
    /// <returns>What came out of quarantine for all; or why one could not be saved, and nothing was. Null where the plan is.</returns>
    public async Task<AdmissionResult?> ImportAsync(
        Func<IReadOnlyList<Site>, IReadOnlyList<Device>, PlannedImport?> plan,
        CancellationToken cancellationToken
    )
    {
        await using var change = await CatalogueChange.BeginAsync(dataSource, cancellationToken);
        var (knownSites, knownDevices) = await change.ReadAsync(cancellationToken);
        if (plan(knownSites, knownDevices) is not var (sites, devices))
        {
            return null;
        }

        foreach (var (site, audit) in sites)
        {
            await using var insert = change.Command("""INSERT INTO monitoring."Sites" ("Id", "Name", "TimeZone", "CreatedAt") VALUES ($1, $2, $3, $4)""");
            foreach (var value in new object[] { site.Id, site.Name, site.TimeZone, site.CreatedAt.UtcDateTime })
            {
                insert.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            await insert.ExecuteNonQueryAsync(cancellationToken);
            await change.WriteAsync(audit, cancellationToken, ("devices", devices.Count(device => device.Device.SiteId == site.Id)));
        }

        var (admitted, gone) = (0L, new QuarantineAmount(0, 0));
        foreach (var (device, audit) in devices)
        {
            var (result, amount) = await SaveAsync(change, device, audit, cancellationToken);
            if (result.Outcome != AdmissionOutcome.Done)
            {
                return result;
            }

            (admitted, gone) = (admitted + result.AdmittedRows, gone + amount);
        }

        await change.CommitAsync(cancellationToken);
        usage.Add(new QuarantineAmount(-gone.Rows, -gone.Bytes));
        return new AdmissionResult(AdmissionOutcome.Done, 0, admitted);
    }

    /// <summary>Deletes a device with its measurements, their roll-ups and notes, from the fleet as well. What its serial posts afterwards is quarantined.</summary>
    /// <param name="audit">Written in the same transaction; its details get <c>id</c> and <c>deletedRows</c>.</param>
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
        await change.WriteAsync(audit, cancellationToken, ("id", deviceId), ("deletedRows", rows));
        await change.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<AdmissionResult> SaveAsync(Device device, AuditEntry audit, CancellationToken cancellationToken)
    {
        await using var change = await CatalogueChange.BeginAsync(dataSource, cancellationToken);
        var (result, gone) = await SaveAsync(change, device, audit, cancellationToken);
        if (result.Outcome == AdmissionOutcome.Done)
        {
            await change.CommitAsync(cancellationToken);
            usage.Add(new QuarantineAmount(-gone.Rows, -gone.Bytes));
        }

        return result;
    }

    private async Task<(AdmissionResult Result, QuarantineAmount Gone)> SaveAsync(
        CatalogueChange change,
        Device device,
        AuditEntry audit,
        CancellationToken cancellationToken
    )
    {
        var before = await OutboxChanges.SerialAsync(change, device.Id, cancellationToken); // null for a new one
        await using var save = change.Command(device.Id == 0 ? Insert : Update);
        save.Parameters.Add(new NpgsqlParameter { Value = device.SiteId });
        save.Parameters.Add(new NpgsqlParameter { Value = device.Name });
        save.Parameters.Add(new NpgsqlParameter { Value = device.ExternalId });
        save.Parameters.Add(new NpgsqlParameter { Value = (object?)device.Model ?? DBNull.Value });
        save.Parameters.Add(new NpgsqlParameter { Value = device.Role.ToString() });
        save.Parameters.Add(new NpgsqlParameter { Value = device.Id == 0 ? device.CreatedAt.UtcDateTime : device.Id });
        try
        {
            if (await save.ExecuteScalarAsync(cancellationToken) is not int id)
            {
                return Refused(AdmissionOutcome.UnknownDevice);
            }

            device.Id = id;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UniqueViolation)
        {
            return Refused(AdmissionOutcome.ExternalIdTaken);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.ForeignKeyViolation)
        {
            return Refused(AdmissionOutcome.UnknownSite);
        }

        if (before is not null && before != device.ExternalId)
        {
            await OutboxChanges.RenameAsync(change, device.Id, before, cancellationToken);
        }

        await OutboxChanges.BearAsync(change, device.ExternalId, cancellationToken);
        var (stored, gone) = await new QuarantinedRows(change, timeSeries).AdmitAsync(device, cancellationToken);
        await change.WriteAsync(audit, cancellationToken, ("id", device.Id), ("admittedRows", stored));
        return (new AdmissionResult(AdmissionOutcome.Done, device.Id, stored), gone);
    }

    private static (AdmissionResult, QuarantineAmount) Refused(AdmissionOutcome outcome) => (new AdmissionResult(outcome, 0, 0), new QuarantineAmount(0, 0));
}
