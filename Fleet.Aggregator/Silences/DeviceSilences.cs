using Npgsql;
using NpgsqlTypes;

namespace Fleet.Aggregator.Silences;

/// <summary>The devices' part of a pass: finds who is heard again and who is not any more, and gathers the latter into events.</summary>
internal sealed class DeviceSilences(NpgsqlConnection connection, NpgsqlTransaction transaction, SilenceOptions rules, DateTimeOffset now)
{
    private const string FindHeard = """
        SELECT d."CustomerId", d."Id"
          FROM fleet."Devices" d
          JOIN fleet."Customers" c ON c."Id" = d."CustomerId"
          JOIN fleet."Silences" s ON s."CustomerId" = d."CustomerId" AND s."Id" = d."SilenceId"
         WHERE d."AdvancedAt" > s."NoticedAt" OR NOT c."Active"
        """;

    private const string FindSilent = """
        SELECT d."CustomerId", d."Id", d."ExternalId", d."AdvancedAt", d."CadenceSeconds"
          FROM fleet."Customers" c
          LEFT JOIN (
            SELECT "CustomerId", max("EndedAt") AS "At", bool_or("EndedAt" IS NULL) AS "Open"
              FROM fleet."Silences" WHERE "Kind" = 'stack' GROUP BY "CustomerId") AS stack ON stack."CustomerId" = c."Id"
          JOIN fleet."Devices" d ON d."CustomerId" = c."Id"
         WHERE c."Active" AND stack."Open" IS NOT TRUE
           AND d."DeletedAt" IS NULL AND d."SilenceId" IS NULL AND d."CadenceSamples" >= $1
           AND c."LastPushAt" - GREATEST(d."AdvancedAt", stack."At", c."ActiveSince", $2)
               > GREATEST($3, $4 * make_interval(secs => d."CadenceSeconds"))
         ORDER BY d."CustomerId", d."ExternalId"
        """;

    private const string FindOpen = """
        SELECT "CustomerId", "Id", "StartedAt", "NoticedAt"
          FROM fleet."Silences" WHERE "CustomerId" = ANY($1) AND "Kind" = 'devices' AND "EndedAt" IS NULL ORDER BY "Id" DESC
        """;

    private const string Lock = """
        SELECT "Id" FROM fleet."Customers" WHERE "Id" = ANY($1) ORDER BY "Id" FOR NO KEY UPDATE
        """;

    private const string Hear = """
        UPDATE fleet."Devices" d SET "SilenceId" = NULL
          FROM unnest($1, $2) AS s ("CustomerId", "Id") WHERE d."CustomerId" = s."CustomerId" AND d."Id" = s."Id"
        """;

    // Serials have no line breaks. The array's slice keeps the first few.
    private const string Join = """
        UPDATE fleet."Silences" t
           SET "Devices" = t."Devices" + s."Devices", "Examples" = (t."Examples" || string_to_array(s."Examples", E'\n'))[1:5]
          FROM unnest($1, $2, $3, $4) AS s ("CustomerId", "Id", "Devices", "Examples")
         WHERE t."CustomerId" = s."CustomerId" AND t."Id" = s."Id"
        """;

    private const string Start = """
        INSERT INTO fleet."Silences" ("CustomerId", "Kind", "StartedAt", "NoticedAt", "Devices", "Examples")
        SELECT s."CustomerId", 'devices', s."StartedAt", $5, s."Devices", (string_to_array(s."Examples", E'\n'))[1:5]
          FROM unnest($1, $2, $3, $4) AS s ("CustomerId", "StartedAt", "Devices", "Examples")
        RETURNING "CustomerId", "Id"
        """;

    // Who was heard since it was found is not silent.
    private const string Mark = """
        UPDATE fleet."Devices" d SET "SilenceId" = s."SilenceId"
          FROM unnest($1, $2, $3, $4) AS s ("CustomerId", "Id", "AdvancedAt", "SilenceId")
         WHERE d."CustomerId" = s."CustomerId" AND d."Id" = s."Id" AND d."AdvancedAt" = s."AdvancedAt"
        """;

    private const string End = """
        UPDATE fleet."Silences" s SET "EndedAt" = $1
         WHERE s."Kind" = 'devices' AND s."EndedAt" IS NULL
           AND NOT EXISTS (SELECT FROM fleet."Devices" d WHERE d."CustomerId" = s."CustomerId" AND d."SilenceId" = s."Id")
        """;

    public async Task UpdateAsync(DateTimeOffset watchingSince, CancellationToken cancellationToken)
    {
        var heard = await ReadAsync(Command(FindHeard), reader => (Customer: reader.GetInt32(0), Device: reader.GetInt32(1)), cancellationToken);
        var silent = await ReadAsync(
            Command(
                FindSilent,
                new NpgsqlParameter<int> { TypedValue = Cadence.Known },
                SilencePass.Instant(watchingSince),
                new NpgsqlParameter<TimeSpan> { TypedValue = rules.DevicesAfter },
                new NpgsqlParameter<double> { TypedValue = rules.Cadences }
            ),
            reader => new SilentDevice(reader.GetInt32(0), reader.GetInt32(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetDouble(4)),
            cancellationToken
        );
        if (heard.Count > 0 || silent.Count > 0)
        {
            var customers = heard.Select(device => device.Customer).Concat(silent.Select(device => device.CustomerId)).Distinct();
            await RunAsync(Command(Lock, Integers(customers)), cancellationToken);
        }

        if (heard.Count > 0)
        {
            await RunAsync(Command(Hear, Integers(heard.Select(d => d.Customer)), Integers(heard.Select(d => d.Device))), cancellationToken);
        }

        if (silent.Count > 0)
        {
            await GatherAsync(silent, cancellationToken);
        }

        await RunAsync(Command(End, SilencePass.Instant(now)), cancellationToken);
    }

    private async Task GatherAsync(List<SilentDevice> silent, CancellationToken cancellationToken)
    {
        var open = (
            await ReadAsync(
                Command(FindOpen, Integers(silent.Select(device => device.CustomerId).Distinct())),
                reader => new OpenSilence(reader.GetInt32(0), reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<DateTimeOffset>(3)),
                cancellationToken
            )
        ).ToLookup(silence => silence.CustomerId);
        var joining = new Dictionary<(int Customer, long Silence), List<SilentDevice>>();
        var starting = new Dictionary<int, List<SilentDevice>>();
        foreach (var device in silent)
        {
            var with = open[device.CustomerId].FirstOrDefault(silence => silence.Takes(device, now));
            var list = with is null
                ? Get(starting, device.CustomerId)
                : Get(joining, (device.CustomerId, with.Id));
            list.Add(device);
        }

        if (joining.Count > 0)
        {
            await RunAsync(
                Command(
                    Join,
                    Integers(joining.Keys.Select(key => key.Customer)),
                    Longs(joining.Keys.Select(key => key.Silence)),
                    Integers(joining.Values.Select(devices => devices.Count)),
                    Texts(joining.Values.Select(Examples))
                ),
                cancellationToken
            );
        }

        if (starting.Count > 0)
        {
            await StartAsync(starting, joining, cancellationToken);
        }

        var marked = joining.SelectMany(group => group.Value.Select(device => (Device: device, group.Key.Silence))).ToList();
        await RunAsync(
            Command(
                Mark,
                Integers(marked.Select(m => m.Device.CustomerId)),
                Integers(marked.Select(m => m.Device.Id)),
                Instants(marked.Select(m => m.Device.AdvancedAt)),
                Longs(marked.Select(m => m.Silence))
            ),
            cancellationToken
        );
    }

    private async Task StartAsync(
        Dictionary<int, List<SilentDevice>> starting,
        Dictionary<(int Customer, long Silence), List<SilentDevice>> joining,
        CancellationToken cancellationToken
    )
    {
        var started = await ReadAsync(
            Command(
                Start,
                Integers(starting.Keys),
                Instants(starting.Values.Select(devices => devices.Min(device => device.AdvancedAt))),
                Integers(starting.Values.Select(devices => devices.Count)),
                Texts(starting.Values.Select(Examples)),
                SilencePass.Instant(now)
            ),
            reader => (Customer: reader.GetInt32(0), Silence: reader.GetInt64(1)),
            cancellationToken
        );
        foreach (var key in started)
        {
            joining.Add(key, starting[key.Customer]);
        }
    }

    private static List<SilentDevice> Get<TKey>(Dictionary<TKey, List<SilentDevice>> groups, TKey key)
        where TKey : notnull
    {
        if (!groups.TryGetValue(key, out var devices))
        {
            groups.Add(key, devices = []);
        }

        return devices;
    }

    private static string Examples(List<SilentDevice> devices) => string.Join('\n', devices.Take(Silence.MaxExamples).Select(device => device.ExternalId));

    private NpgsqlCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static async Task RunAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        await using (command)
        {
            var rows = new List<T>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(row(reader));
            }

            return rows;
        }
    }

    private static NpgsqlParameter<int[]> Integers(IEnumerable<int> values) => new() { TypedValue = [.. values] };

    private static NpgsqlParameter<long[]> Longs(IEnumerable<long> values) => new() { TypedValue = [.. values] };

    private static NpgsqlParameter<string[]> Texts(IEnumerable<string> values) => new() { TypedValue = [.. values] };

    private static NpgsqlParameter<DateTime[]> Instants(IEnumerable<DateTimeOffset> values) =>
        new() { TypedValue = [.. values.Select(value => value.UtcDateTime)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };

    private sealed record SilentDevice(int CustomerId, int Id, string ExternalId, DateTimeOffset AdvancedAt, double CadenceSeconds);

    private sealed record OpenSilence(int CustomerId, long Id, DateTimeOffset StartedAt, DateTimeOffset NoticedAt)
    {
        /// <summary>Noticed within the same few minutes, or stopped together: a slower device is noticed later, and was last heard up to a cadence earlier.</summary>
        public bool Takes(SilentDevice device, DateTimeOffset now) =>
            now - NoticedAt <= SilencePass.Together
            || (
                device.AdvancedAt <= StartedAt + SilencePass.Together
                && device.AdvancedAt >= StartedAt - SilencePass.Together - TimeSpan.FromSeconds(device.CadenceSeconds)
            );
    }
}
