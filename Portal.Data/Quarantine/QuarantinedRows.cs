using Npgsql;
using Portal.Data.FleetPush;
using Portal.Data.TimeSeries;
using Portal.Domain.Decoding;
using Portal.Domain.Measurements;
using Portal.TimeSeries;

namespace Portal.Data.Quarantine;

/// <summary>Moves what waits for a device from the quarantine to its measurements, oldest post first.</summary>
/// <remarks>
/// Bound: about 6,000 rows (8 MB of payload) at once, however much waits. The list of posts stays on the server, behind a cursor.
/// </remarks>
internal sealed class QuarantinedRows(CatalogueChange change, ITimeSeries timeSeries)
{
    private const int RowsAtOnce = 5_000;
    private const int PostsAtOnce = 1_000;

    /// <returns>How many measurements were stored, and what left the quarantine.</returns>
    public async Task<(long Stored, QuarantineAmount Gone)> AdmitAsync(Device device, CancellationToken cancellationToken)
    {
        var site = new DeviceSite(new DeviceKey(device.Id), await TimeZoneAsync(device, cancellationToken));
        await OpenAsync(device, cancellationToken);
        var stored = 0L;
        var group = new List<long>();
        var rows = 0;
        List<(long Id, int Rows)> page;
        do
        {
            page = await FetchAsync(cancellationToken);
            foreach (var post in page)
            {
                group.Add(post.Id);
                rows += post.Rows;
                if (rows >= RowsAtOnce)
                {
                    stored += await WriteAsync(device, site, group, cancellationToken);
                    (group, rows) = ([], 0);
                }
            }
        } while (page.Count == PostsAtOnce);

        if (group.Count > 0)
        {
            stored += await WriteAsync(device, site, group, cancellationToken);
        }

        // Another device may follow in the same transaction.
        await using var close = change.Command("CLOSE waiting");
        await close.ExecuteNonQueryAsync(cancellationToken);
        return (stored, await RemoveAsync(device, cancellationToken));
    }

    private async Task<long> WriteAsync(Device device, DeviceSite site, List<long> ids, CancellationToken cancellationToken)
    {
        var posts = await ReadAsync(ids, cancellationToken);
        var set = WriteSet.Create(PortalSeries.Layout, posts, new Dictionary<PostedSerial, DeviceSite> { [new(device.ExternalId)] = site });
        if (set.Count == 0)
        {
            return 0;
        }

        // Nobody else writes while the catalogue is held, so comparing first is certain to be right.
        await TouchedTimes.EnsureRoomAsync(timeSeries, set, cancellationToken);
        await RowWriter.WriteAsync(change.Connection, change.Transaction, set, WritePath.Compare, cancellationToken);
        await timeSeries.NoteTouchedAsync(change.Connection, change.Transaction, TouchedTimes.Quarters(set), OutboxNote.Of(set), cancellationToken);
        return set.Results().Sum(result => result.Outcomes.LongCount(outcome => outcome == RowOutcome.Accepted));
    }

    private async Task<string> TimeZoneAsync(Device device, CancellationToken cancellationToken)
    {
        await using var command = change.Command("""SELECT "TimeZone" FROM monitoring."Sites" WHERE "Id" = $1""");
        command.Parameters.Add(new NpgsqlParameter { Value = device.SiteId });
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task OpenAsync(Device device, CancellationToken cancellationToken)
    {
        // DECLARE takes no parameters; a setting of this transaction does.
        await using var command = change.Command("SELECT set_config('portal.admitted', $1, true)");
        command.Parameters.Add(new NpgsqlParameter { Value = device.ExternalId });
        await command.ExecuteNonQueryAsync(cancellationToken);
        await using var open = change.Command(
            """
            DECLARE waiting NO SCROLL CURSOR FOR
            SELECT "Id", "Rows" FROM monitoring."QuarantinedPosts"
             WHERE "ExternalId" = current_setting('portal.admitted') ORDER BY "ReceivedAt", "Id"
            """
        );
        await open.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<List<(long Id, int Rows)>> FetchAsync(CancellationToken cancellationToken)
    {
        var page = new List<(long Id, int Rows)>(PostsAtOnce);
        await using var command = change.Command($"FETCH {PostsAtOnce} FROM waiting");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Add((reader.GetInt64(0), reader.GetInt32(1)));
        }

        return page;
    }

    private async Task<List<ReceivedPost>> ReadAsync(List<long> ids, CancellationToken cancellationToken)
    {
        await using var command = change.Command(
            """
            SELECT "ReceivedAt", "Payload" FROM monitoring."QuarantinedPosts" WHERE "Id" = ANY($1) ORDER BY "ReceivedAt", "Id"
            """
        );
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = ids.ToArray() });
        var posts = new List<ReceivedPost>(ids.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var batch = NativeDecoder.Decode(reader.GetFieldValue<byte[]>(1)).Batch;
            posts.Add(new ReceivedPost(batch, reader.GetFieldValue<DateTimeOffset>(0)));
        }

        return posts;
    }

    private async Task<QuarantineAmount> RemoveAsync(Device device, CancellationToken cancellationToken)
    {
        await using var command = change.Command(
            """
            WITH gone AS (DELETE FROM monitoring."QuarantinedPosts" WHERE "ExternalId" = $1 RETURNING "Rows", "Bytes")
            SELECT coalesce(sum("Rows"), 0)::bigint, coalesce(sum("Bytes"), 0)::bigint FROM gone
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = device.ExternalId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new QuarantineAmount(reader.GetInt64(0), reader.GetInt64(1));
    }
}
