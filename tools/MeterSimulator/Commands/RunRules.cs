using MeterSimulator.Fleet;
using MeterSimulator.Metering;

namespace MeterSimulator.Commands;

/// <summary>What no single option can know. All that is wrong is said at once.</summary>
internal static class RunRules
{
    public static IEnumerable<string> Errors(RunSettings settings, TimeProvider time)
    {
        var options = settings.Options;
        var now = time.GetUtcNow();
        if (options.Fleet.Devices is < 1 or > FleetOptions.MostDevices) yield return $"--devices: give 1 to {FleetOptions.MostDevices}.";
        if (options.Interval.Ticks % TimeSpan.TicksPerSecond != 0 || options.Interval > TimeSpan.FromDays(1))
        {
            yield return "--interval: give whole seconds, a day at most.";
        }

        if (now - options.History - options.Interval < EnergyHistory.Epoch + TimeSpan.FromDays(1))
        {
            yield return $"--history: it can't begin before {EnergyHistory.Epoch.AddDays(1):yyyy-MM-dd}, and this machine's clock says {now:yyyy-MM-dd}.";
        }

        if (options.Fleet.ClockDrift.Duration() > TimeSpan.FromDays(1)) yield return "--clock-drift: give a day at most.";
        if (options.Speed is not (>= 1 and <= 100_000)) yield return "--speed: give 1 to 100000.";
        if (options.Speed > 1 && options.History <= TimeSpan.Zero) yield return "--speed: say with --history how far back to begin.";
        if (options.Speed > 1 && options.Once) yield return "--speed: leave it out with --once, which posts the history at once.";
        if (options.Once && options.History > TimeSpan.Zero && options.Outage >= options.History)
        {
            yield return "--outage: with --once it is the last part of the history; give less than --history.";
        }
    }
}
