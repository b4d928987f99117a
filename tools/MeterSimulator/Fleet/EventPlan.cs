using MeterSimulator.Metering;

namespace MeterSimulator.Fleet;

/// <summary>Which of the asked-for events happen to which meter.</summary>
internal sealed class EventPlan
{
    private readonly FleetOptions _options;
    private readonly string _first;

    public EventPlan(FleetOptions options, IReadOnlyList<string> serials)
    {
        _options = options;
        _first = serials[0];
        Check("--register-reset", options.RegisterReset, serials);
        Check("--ct-change", options.CtChange, serials);
    }

    public MeterEvents Of(string serial) => new(
        _options.ClockDrift, TimeFor(serial, _options.RegisterReset), TimeFor(serial, _options.CtChange), _options.AbsentShare);

    private DateTimeOffset? TimeFor(string serial, MeterEventAt? happening) =>
        happening is not null && (happening.Serial ?? _first) == serial ? happening.At : null;

    private static void Check(string option, MeterEventAt? happening, IReadOnlyList<string> serials)
    {
        if (happening is null) return;
        if (happening.Serial is { } serial && !serials.Contains(serial))
        {
            throw new ArgumentException(
                $"{option}: this fleet has no meter {serial}; its serials are {string.Join(", ", serials.Take(10))}{(serials.Count > 10 ? ", …" : "")}.");
        }

        if (happening.At < EnergyHistory.Epoch)
        {
            throw new ArgumentException($"{option}: give a time after {EnergyHistory.Epoch:yyyy-MM-dd}; no meter was there before.");
        }
    }
}
