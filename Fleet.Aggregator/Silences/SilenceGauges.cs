using System.Diagnostics.Metrics;
using Fleet.Aggregator.Push;
using Npgsql;

namespace Fleet.Aggregator.Silences;

/// <summary>
/// What is silent, and how long ago customers pushed, as gauges of meter <c>Fleet.Aggregator</c>. Read with each pass by whoever leads it; of the
/// customers those <see cref="MaxCustomers"/> that pushed longest ago, so that a large fleet doesn't flood the collector.
/// </summary>
internal sealed class SilenceGauges
{
    public const int MaxCustomers = 100;

    private const string LongestAgo = """
        SELECT "Code", "LastPushAt" FROM fleet."Customers" WHERE "Active" AND "LastPushAt" IS NOT NULL ORDER BY "LastPushAt" LIMIT $1
        """;

    private readonly NpgsqlDataSource dataSource;
    private readonly TimeProvider clock;
    private volatile SilenceCounts? silent;
    private volatile IReadOnlyList<(string Code, DateTimeOffset At)> pushes = [];

    public SilenceGauges(IMeterFactory meters, NpgsqlDataSource dataSource, TimeProvider clock)
    {
        (this.dataSource, this.clock) = (dataSource, clock);
        var meter = meters.Create(PushInstruments.Name);
        meter.CreateObservableGauge("fleet.stacks.silent", () => Of(counts => counts.Stacks), "{stack}", "Customers whose whole stack pushes nothing");
        meter.CreateObservableGauge("fleet.devices.silent", () => Of(counts => counts.Devices), "{device}", "Devices that are not heard while their stack is");
        meter.CreateObservableGauge("fleet.customer.push.age", Ages, "s", "Since a customer's last push or heartbeat; those that pushed longest ago");
    }

    public async Task ReadAsync(SilenceCounts counts, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(LongestAgo);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MaxCustomers });
        var read = new List<(string, DateTimeOffset)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            read.Add((reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1)));
        }

        (silent, pushes) = (counts, read);
    }

    public void Clear() => (silent, pushes) = (null, []);

    private IEnumerable<Measurement<int>> Of(Func<SilenceCounts, int> count) => silent is { } counts ? [new Measurement<int>(count(counts))] : [];

    private IEnumerable<Measurement<double>> Ages()
    {
        var now = clock.GetUtcNow();
        return pushes.Select(push => new Measurement<double>((now - push.At).TotalSeconds, new KeyValuePair<string, object?>("customer", push.Code)));
    }
}
