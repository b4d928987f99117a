using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Ledger;

/// <summary>A device-day as the fleet holds it.</summary>
/// <param name="Hash">Null where it has to be hashed again.</param>
internal sealed record HeldDay(int Rows, DateTime? First, DateTime? Last, double? EnergyDeltaKwh, byte[]? Hash);

/// <summary>What a comparison says of each device-day.</summary>
/// <param name="Equal">Both sides hold the same.</param>
/// <param name="Differing">They don't.</param>
/// <param name="Void">Nobody holds anything of it any more.</param>
/// <param name="Differences">For the stack: of the days that it named all, then of those that it lacks the newest, as many as an answer may have.</param>
internal sealed record LedgerVerdict(
    IReadOnlyList<(int Device, DateOnly Day)> Equal,
    IReadOnlyList<(int Device, DateOnly Day)> Differing,
    IReadOnlyList<(int Device, DateOnly Day)> Void,
    IReadOnlyList<LedgerDay> Differences
)
{
    /// <param name="held">What the fleet holds within the scope.</param>
    /// <param name="keptFrom">Days before it are not compared: their rows have been dropped here on purpose.</param>
    public static LedgerVerdict Of(
        LedgerScope scope,
        LedgerRequest request,
        IReadOnlyDictionary<(int Device, DateOnly Day), HeldDay> held,
        DateOnly keptFrom
    )
    {
        var keys = scope.Devices.ToDictionary(device => device.Value, device => device.Key, StringComparer.Ordinal);
        var (equal, differing, gone) = (new List<(int, DateOnly)>(), new List<(int, DateOnly)>(), new List<(int, DateOnly)>());
        var differences = new List<LedgerDay>();
        var said = new HashSet<(int, DateOnly)>();
        foreach (var day in request.Pending ?? [])
        {
            said.Add((keys.GetValueOrDefault(day.ExternalId), day.Day));
        }

        foreach (var day in request.Days.Where(day => day.Day >= keptFrom))
        {
            if (!keys.TryGetValue(day.ExternalId, out var device))
            {
                differences.Add(Lacking(day.ExternalId, day.Day)); // its device has not been pushed yet
                continue;
            }

            said.Add((device, day.Day));
            var here = held.GetValueOrDefault((device, day.Day));
            if (here is { Rows: > 0 } && here.Hash.AsSpan().SequenceEqual(Convert.FromHexString(day.Hash!)))
            {
                equal.Add((device, day.Day));
            }
            else
            {
                differing.Add((device, day.Day));
                differences.Add(Here(day.ExternalId, day.Day, here));
            }
        }

        foreach (var ((device, day), here) in held.Where(day => day.Key.Day >= keptFrom && !said.Contains(day.Key)).OrderByDescending(day => day.Key.Day))
        {
            if (here.Rows == 0)
            {
                gone.Add((device, day));
                continue;
            }

            differing.Add((device, day));
            if (differences.Count < PushLimits.MaxLedgerDays)
            {
                differences.Add(Here(scope.Devices[device], day, here));
            }
        }

        return new LedgerVerdict(equal, differing, gone, differences);
    }

    private static LedgerDay Here(string externalId, DateOnly day, HeldDay? here) =>
        here is null or { Rows: 0 }
            ? Lacking(externalId, day)
            : new LedgerDay(externalId, day, here.Rows, here.First, here.Last, here.EnergyDeltaKwh, Convert.ToHexStringLower(here.Hash!));

    private static LedgerDay Lacking(string externalId, DateOnly day) => new(externalId, day, 0, null, null, null, null);
}
