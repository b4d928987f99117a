using Npgsql;
using Portal.Domain.Energy;

namespace Portal.Data.Queries;

/// <summary>
/// Rows of roll-ups as registers are read from them, in any order. A year has 35,000, so what is nearly always the same (a register's times and
/// the bucket's, its lowest reading and the first, its highest and the last) is sent only where it differs.
/// </summary>
/// <param name="from">UTC ticks; start of the range's first bucket.</param>
/// <param name="to">UTC ticks; start of the first bucket after the range.</param>
internal sealed class RegisterRows(IReadOnlyCollection<int> deviceIds, IReadOnlyList<RolledUpRegister> registers, long from, long to)
{
    private const int CommonColumns = 5;
    private const int ColumnsPerRegister = 6;

    private readonly Dictionary<int, KnownBuckets[]> devices = deviceIds
        .Distinct()
        .ToDictionary(id => id, _ => registers.Select(_ => new KnownBuckets(from, to)).ToArray());

    /// <summary>What is selected of a roll-up.</summary>
    public string Columns { get; } =
        "device_id, first_at, last_at, greatest(abs(power_min_kw), abs(power_max_kw)), abs(apparent_max_kva), " + string.Join(", ", registers.Select(ColumnsOf));

    /// <summary>Names of the registers in roll-ups.</summary>
    public string[] Registers { get; } = [.. registers.Select(register => Names(register).Name)];

    /// <summary>Devices of which a register was not read before the range, or not after it.</summary>
    public int[] WithoutEdges => [.. devices.Where(device => device.Value.Any(buckets => buckets.LacksEdge)).Select(device => device.Key)];

    public async Task ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var buckets = devices[reader.GetInt32(0)];
            for (var i = 0; i < buckets.Length; i++)
            {
                if (!reader.IsDBNull(CommonColumns + i * ColumnsPerRegister))
                {
                    buckets[i].Add(Bucket(reader, registers[i], CommonColumns + i * ColumnsPerRegister));
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

    private static RegisterBucket Bucket(NpgsqlDataReader reader, RolledUpRegister register, int column)
    {
        var (first, last) = (reader.GetDouble(column), reader.GetDouble(column + 1));
        // Reactive power is never larger than the apparent one.
        var peak = register is RolledUpRegister.Import or RolledUpRegister.Export ? 3 : 4;
        return new RegisterBucket(
            FirstAt: reader.GetFieldValue<DateTimeOffset>(reader.IsDBNull(column + 4) ? 1 : column + 4),
            First: first,
            LastAt: reader.GetFieldValue<DateTimeOffset>(reader.IsDBNull(column + 5) ? 2 : column + 5),
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
