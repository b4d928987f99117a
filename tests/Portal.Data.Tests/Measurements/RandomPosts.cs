using Portal.Domain.Measurements;

namespace Portal.Data.Tests.Measurements;

/// <summary>Posts as meters and their loggers make them, from a seed.</summary>
internal sealed class RandomPosts(int seed, string[] devices)
{
    // What three loggers of one meter post, and a few that two of them share.
    private static readonly Quantity[][] Loggers =
    [
        [Quantities.ActivePowerKw, Quantities.ReactivePowerKvar, Quantities.LoadType, Quantities.FrequencyHz],
        [Quantities.EnergyImportKwh, Quantities.EnergyExportKwh, Quantities.FrequencyHz],
        [Quantities.Voltage1V, Quantities.Current1A, Quantities.ThdVoltage1Pct, Quantities.ActivePowerKw],
    ];

    private readonly Random random = new(seed);

    /// <summary>Posts whose rows overlap in devices and times. Where <paramref name="agree"/>, a value depends on what it is of alone.</summary>
    public List<MeasurementBatch> Take(int count, int mostRows, bool agree)
    {
        var posts = new List<MeasurementBatch>();
        for (var i = 0; i < count; i++)
        {
            var batch = new MeasurementBatch();
            var rows = 1 + random.Next(mostRows);
            var start = random.Next(2_000);
            var step = random.Next(3) == 0 ? -1 : 1;
            var logger = Loggers[random.Next(Loggers.Length)];
            var device = devices[random.Next(devices.Length)];
            for (var row = 0; row < rows; row++)
            {
                // Mostly one meter's log, ascending or descending, here and there several meters mixed; across the end of a month.
                device = random.Next(5) == 0 ? devices[random.Next(devices.Length)] : device;
                var minute = start + (row * step);
                var time = new DateTimeOffset(2026, 10, 31, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute);
                Posts.Add(batch, device, time.Ticks, false, false, Values(logger, device, minute, agree));
            }

            posts.Add(batch);
        }

        return posts;
    }

    /// <summary>The same rows in other posts and another order.</summary>
    public List<MeasurementBatch> Redeal(IEnumerable<MeasurementBatch> posts)
    {
        var rows = posts
            .SelectMany(post => Enumerable.Range(0, post.Count).Select(row => (Post: post, Row: row)))
            .OrderBy(_ => random.Next())
            .ToList();
        var dealt = new List<MeasurementBatch>();
        foreach (var (post, row) in rows)
        {
            if (dealt.Count == 0 || random.Next(60) == 0)
            {
                dealt.Add(new MeasurementBatch());
            }

            var key = post.Keys[row];
            var values = post.Values(row);
            var known = new List<(Quantity, double)>();
            foreach (var quantity in Quantities.All)
            {
                if (!double.IsNaN(values[quantity.Index]))
                {
                    known.Add((quantity, values[quantity.Index]));
                }
            }

            Posts.Add(dealt[^1], post.ExternalIds[key.Device], key.Ticks, false, false, [.. known]);
        }

        return dealt;
    }

    private (Quantity, double)[] Values(Quantity[] logger, string device, int minute, bool agree) =>
        logger
            .Where(_ => random.Next(8) > 0)
            .DefaultIfEmpty(logger[0])
            .Select(quantity =>
            {
                var number = Math.Abs(HashCode(device, minute, quantity.Index) % 97) + (agree ? 0 : random.Next(2) * 0.5);
                return (quantity, quantity.Kind == QuantityKind.LoadType ? (number < 50 ? 'L' : 'C') : number);
            })
            .ToArray();

    // System.HashCode differs from run to run.
    private static int HashCode(string device, int minute, int quantity) => (device[^1] * 7919) + (minute * 31) + (quantity * 13);
}
