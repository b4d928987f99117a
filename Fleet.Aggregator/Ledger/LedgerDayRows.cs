using System.Text.Json;
using Fleet.Aggregator.Measurements;
using Fleet.Aggregator.Push;
using Fleet.Aggregator.Tokens;
using Npgsql;
using Portal.Contracts.Fleet;
using Portal.Domain.Decoding;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Ledger;

/// <summary>What the fleet holds of a device-day, for a stack that has lost it: written as it is read.</summary>
internal sealed class LedgerDayRows(NpgsqlDataSource dataSource, CustomerLimits limits)
{
    /// <summary>Of the rows a minute that a customer may send; a day of a meter that posts every minute.</summary>
    private const int RowsOfADay = 1_440;

    private const int FlushAt = 64 * 1024;

    private const string Find = """
        SELECT d."Id", d."ExternalId", d."Name", d."Model", d."Role", s."ExternalId", s."Name", s."TimeZone"
          FROM fleet."Devices" AS d
          LEFT JOIN fleet."Sites" AS s ON s."CustomerId" = d."CustomerId" AND s."Id" = d."SiteId"
         WHERE d."CustomerId" = $1 AND d."ExternalId" = $2 AND d."DeletedAt" IS NULL
        """;

    public async Task<IResult> AnswerAsync(HttpContext http, string externalId, DateOnly day)
    {
        var customerId = FleetTokenAuthentication.CustomerOf(http.User);
        var (entry, refusal) = limits.Enter(customerId);
        using var _ = entry;
        if ((refusal ?? entry!.TakeRows(RowsOfADay)) is { } tooMuch)
        {
            return tooMuch.ToResult(http);
        }

        var cancellation = http.RequestAborted;
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        if (await FindAsync(connection, customerId, externalId, cancellation) is not { } found)
        {
            return TypedResults.NotFound();
        }

        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WritePropertyName("site"u8);
        JsonSerializer.Serialize(json, found.Site, LedgerJson.Default.SiteRow);
        json.WritePropertyName("device"u8);
        JsonSerializer.Serialize(json, found.Device, LedgerJson.Default.DeviceRow);
        json.WriteStartArray("measurements"u8);
        var serial = JsonEncodedText.Encode(found.Device.ExternalId!);
        DeviceDay[] days = [new(new DeviceKey(found.Id, customerId), day)];
        await foreach (var (_, ticks, values) in StoredDays.RowsAsync(FleetSeries.Layout, connection, days, cancellation))
        {
            StoredRowEncoder.Write(json, serial, ticks, values);
            if (json.BytesPending > FlushAt)
            {
                await json.FlushAsync(cancellation);
                await http.Response.BodyWriter.FlushAsync(cancellation);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        await http.Response.BodyWriter.FlushAsync(cancellation);
        return TypedResults.Empty;
    }

    private static async Task<(int Id, SiteRow? Site, DeviceRow Device)?> FindAsync(
        NpgsqlConnection connection,
        int customerId,
        string externalId,
        CancellationToken cancellationToken
    )
    {
        await using var find = new NpgsqlCommand(Find, connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = customerId }, new NpgsqlParameter<string> { TypedValue = externalId } },
        };
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var site = reader.IsDBNull(5) ? null : new SiteRow(reader.GetString(5), reader.GetString(6), reader.GetString(7));
        var model = reader.IsDBNull(3) ? null : reader.GetString(3);
        return (reader.GetInt32(0), site, new DeviceRow(reader.GetString(1), site?.ExternalId, reader.GetString(2), model, reader.GetString(4)));
    }
}
