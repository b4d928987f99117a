using MeterSimulator.Loads;
using MeterSimulator.Metering;

namespace MeterSimulator.Fleet;

/// <summary>Everything that is simulated: sites, their meters, and the modules that post for them. The same for the same arguments.</summary>
internal sealed class FleetPlan
{
    private FleetPlan(IReadOnlyList<MeterPlan> meters, IReadOnlyList<DataLogger> loggers)
    {
        Meters = meters;
        Loggers = loggers;
        Sites = [.. meters.Where(meter => meter.Registered).Select(meter => meter.Site).Distinct()];
    }

    public IReadOnlyList<SitePlan> Sites { get; }

    public IReadOnlyList<MeterPlan> Meters { get; }

    public IReadOnlyList<DataLogger> Loggers { get; }

    /// <param name="options">What to simulate.</param>
    /// <exception cref="ArgumentException">An event names a serial that the fleet does not have.</exception>
    public static FleetPlan Create(FleetOptions options)
    {
        var seed = Noise.Key((ulong)options.Seed, "fleet");
        var serials = new Serials(options.Seed);
        var drafts = Drafts(options).ToList();
        var serialOf = Enumerable.Range(0, drafts.Count + 1).Select(serials.Meter).ToList();
        var events = new EventPlan(options, serialOf);

        var sites = new Dictionary<string, SitePlan>();
        var meters = new List<MeterPlan>(drafts.Count + 1);
        foreach (var (site, draft) in drafts)
        {
            if (!sites.TryGetValue(site.Name, out var plan))
            {
                sites[site.Name] = plan = new(site.Name, TimeZoneInfo.FindSystemTimeZoneById(site.TimeZone));
            }

            var serial = serialOf[meters.Count];
            meters.Add(new(serial, draft.Name, draft.Model, draft.Role, plan, Build(seed, site, plan, draft, events.Of(serial))));
        }

        var loggers = LoggerPlan.For(meters, options.Seed, serials).ToList();
        if (options.UnknownDevice)
        {
            var stray = Stray(seed, serialOf[^1], events.Of(serialOf[^1]));
            meters.Add(stray);
            loggers.Add(LoggerPlan.ForStray(stray, serials));
        }

        return new(meters, loggers);
    }

    private static IEnumerable<(SiteDraft Site, MeterDraft Meter)> Drafts(FleetOptions options)
    {
        var given = FleetDrafts.For(options.Seed);
        var all = given.Concat(Enumerable.Range(given.Count + 1, int.MaxValue - given.Count - 1).Select(FleetDrafts.More))
            .SelectMany(site => site.Meters.Select(meter => (site, meter)));
        return all.Take(options.Devices ?? given.Sum(site => site.Meters.Count));
    }

    private static MeterPlan Stray(ulong seed, string serial, MeterEvents events)
    {
        var draft = new SiteDraft("Unknown", -26.2, 28.0,
            new MeterDraft("Not registered", "main", new LoadDraft("unknown", LoadKind.Workshop, 40)));
        var site = new SitePlan(draft.Name, TimeZoneInfo.FindSystemTimeZoneById(draft.TimeZone));
        return new(serial, draft.Meters[0].Name, "Acuvim II", "main", site, Build(seed, draft, site, draft.Meters[0], events), Registered: false);
    }

    private static Meter Build(ulong seed, SiteDraft site, SitePlan plan, MeterDraft draft, MeterEvents events)
    {
        var siteKey = Noise.Key(seed, site.Name);
        var loads = draft.Loads.Select(load => (Curve(load, Noise.Key(siteKey, load.Name)), draft.Gain)).ToList();
        var surroundings = new Surroundings(plan.Zone, siteKey, site.Latitude, site.Longitude);
        return new Meter(Noise.Key(siteKey, draft.Name), siteKey, new Circuit(surroundings, loads), events);
    }

    private static LoadCurve Curve(LoadDraft draft, ulong key)
    {
        var ratedKw = draft.RatedKw * (1 + (0.15 * Noise.Centred(Noise.Key(key, "size"), 0))); // no two seeds have the same building
        return draft.Kind switch
        {
            LoadKind.ColdStore => new ColdStore(key, ratedKw),
            LoadKind.Mall => new Mall(key, ratedKw),
            LoadKind.Office => new Office(key, ratedKw),
            LoadKind.Workshop => new Workshop(key, ratedKw),
            LoadKind.PumpHouse => new PumpHouse(key, ratedKw),
            LoadKind.StreetLights => new StreetLights(key, ratedKw),
            LoadKind.RooftopPv => new RooftopPv(key, ratedKw),
            _ => throw new ArgumentOutOfRangeException(nameof(draft), draft.Kind, null),
        };
    }
}
