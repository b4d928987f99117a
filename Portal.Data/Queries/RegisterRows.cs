using Npgsql;
using Portal.Domain.Energy;

namespace Portal.Data.Queries;

/// <summary>
/// Rows of roll-ups as registers are read from them, in any order. A year has 35,000, so what is nearly always the same (a register's times and
/// the bucket's, its lowest reading and the first, its highest and the last) is sent only where it differs.
/// </summary>
/// <param name="from">UTC ticks; start of the range's first bucket.</param>
/// <param name="to">UTC ticks; start of the first bucket after the range.</param>
/// <param name="length">Ticks of a bucket.</param>
internal sealed class RegisterRows(IReadOnlyCollection<int> deviceIds, IReadOnlyList<RolledUpRegister> registers, long from, long to, long length)
{
    /// <summary>Place for so many buckets is made at once: those of a year.</summary>
    private const int Foreseen = 36_000;

    private const int CommonColumns = 5;
    private const int ColumnsPerRegister = 6;

    private readonly Dictionary<int, KnownBuckets[]> devices = deviceIds
        .Distinct()
        .ToDictionary(id => id, _ => registers.Select(_ => new KnownBuckets(from, to, (int)Math.Min((to - from) / length, Foreseen))).ToArray());

    /// <summary>What is selected of a roll-up.</summary>
    public string Columns { get; } =
        "device_id, first_at, last_at, greatest(abs(power_min_kw), abs(power_max_kw)), abs(apparent_max_kva), " + string.Join(", ", registers.Select(ColumnsOf));

    /// <summary>Devices and registers, by their names in roll-ups, with one that was not read before the range, or not after it.</summary>
    public (int[] Devices, string[] Registers) WithoutEdges =>
        (
            [.. devices.Where(device => device.Value.Any(buckets => buckets.LacksEdge)).Select(device => device.Key)],
            [.. registers.Where((_, index) => devices.Values.Any(buckets => buckets[index].LacksEdge)).Select(register => Names(register).Name)]
        );

    public async Task ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var buckets = devices[reader.GetInt32(0)];
            var (firstAt, lastAt) = (reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2));
            for (var i = 0; i < buckets.Length; i++)
            {
                if (!reader.IsDBNull(CommonColumns + i * ColumnsPerRegister))
                {
                    buckets[i].Add(Bucket(reader, registers[i], CommonColumns + i * ColumnsPerRegister, firstAt, lastAt));
                }
            }
        }
    }

    /// <summary>By register and device.</summary>
    public Dictionary<RolledUpRegister, Dictionary<int, RegisterCurve>> Curves() =>
        registers.Index().ToDictionary(
            register => register.Item,
            register => devices.ToDictionary(device => device.Key, device => device.Value[register.Index].Curve())
        );

    private static RegisterBucket Bucket(NpgsqlDataReader reader, RolledUpRegister register, int column, DateTimeOffset firstAt, DateTimeOffset lastAt)
    {
        var (first, last) = (reader.GetDouble(column), reader.GetDouble(column + 1));
        // Reactive power is never larger than the apparent one.
        var peak = register is RolledUpRegister.Import or RolledUpRegister.Export ? 3 : 4;
        return new RegisterBucket(
            FirstAt: reader.IsDBNull(column + 4) ? firstAt : reader.GetFieldValue<DateTimeOffset>(column + 4),
            First: first,
            LastAt: reader.IsDBNull(column + 5) ? lastAt : reader.GetFieldValue<DateTimeOffset>(column + 5),
            Last: last,
            Min: reader.IsDBNull(column + 2) ? first : reader.GetDouble(column + 2),
            Max: reader.IsDBNull(column + 3) ? last : reader.GetDouble(column + 3),
            PeakPowerKw: reader.IsDBNull(peak) ? null : reader.GetFloat(peak)
        );
    }

    private static string ColumnsOf(RolledUpRegister register)
    {
        var (name, unit) = Names(register);
        return $"{name}_first_{unit}, {name}_last_{unit}, nullif({name}_min_{unit}, {name}_first_{unit}), nullif({name}_max_{unit}, {name}_last_{unit}), "
            + $"nullif({name}_first_at, first_at), nullif({name}_last_at, last_at)";
    }

    private static (string Name, string Unit) Names(RolledUpRegister register) =>
        register switch
        {
            RolledUpRegister.Import => ("import", "kwh"),
            RolledUpRegister.Export => ("export", "kwh"),
            RolledUpRegister.ReactiveImport => ("reactive_import", "kvarh"),
            _ => ("reactive_export", "kvarh"),
        };
}
