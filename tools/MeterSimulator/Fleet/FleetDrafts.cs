namespace MeterSimulator.Fleet;

/// <summary>The fleets that come without asking: odd seeds are a food company's, even ones a town's.</summary>
internal static class FleetDrafts
{
    public static IReadOnlyList<SiteDraft> For(int seed) => seed % 2 != 0 ? FoodCompany() : Town();

    /// <summary>Five sites, eight meters: one check meter, one sub-meter, and panels that export on quiet days.</summary>
    private static List<SiteDraft> FoodCompany()
    {
        LoadDraft compressors = new("compressors", LoadKind.ColdStore, 160), packing = new("packing hall", LoadKind.Office, 28);
        LoadDraft docks = new("docks", LoadKind.Office, 125), freezer = new("freezer", LoadKind.ColdStore, 70);
        LoadDraft panels = new("panels", LoadKind.RooftopPv, 120);
        return
        [
            new("Cape Town Cold Store", -33.9, 18.4,
                new("Cold store main", "main", compressors, packing),
                new("Cold store compressors", "sub", compressors) { Model = "Acuvim L" },
                new("Cold store check meter", "check", compressors, packing) { Model = "Acuvim L", Gain = 1.004 }),
            new("Johannesburg Distribution Centre", -26.2, 28.0,
                new("Distribution centre main", "main", docks, freezer, panels),
                new("Rooftop PV", "generation", panels) { Model = "Acuvim II" }),
            new("Durban Head Office", -29.9, 31.0,
                new MeterDraft("Head office main", "main", new LoadDraft("building", LoadKind.Office, 130))),
            new("Bloemfontein Workshop", -29.1, 26.2,
                new MeterDraft("Workshop main", "main", new LoadDraft("machines", LoadKind.Workshop, 145)) { Model = "Acuvim IIW" }),
            new("Polokwane Factory Shop", -23.9, 29.5,
                new MeterDraft("Factory shop main", "main", new LoadDraft("shop", LoadKind.Mall, 85)) { Model = "Acuvim II" }),
        ];
    }

    /// <summary>A mall with two sub-meters, and what the municipality beside it runs.</summary>
    private static List<SiteDraft> Town()
    {
        LoadDraft shops = new("shops", LoadKind.Mall, 430), food = new("food court", LoadKind.Mall, 95);
        LoadDraft supermarket = new("supermarket", LoadKind.ColdStore, 140);
        return
        [
            new("Northgate Mall", -25.7, 28.2,
                new("Mall main", "main", shops, food, supermarket),
                new("Supermarket", "sub", supermarket) { Model = "Acuvim II" },
                new("Food court", "sub", food) { Model = "Acuvim L" }),
            new("Riverside Pump House", -25.8, 28.4,
                new MeterDraft("Pump house main", "main", new LoadDraft("pumps", LoadKind.PumpHouse, 165))),
            new("Civic Centre", -25.75, 28.25,
                new MeterDraft("Civic centre main", "main", new LoadDraft("offices", LoadKind.Office, 190))),
            new("Ward 7 Street Lighting", -25.72, 28.3,
                new MeterDraft("Street lighting main", "main", new LoadDraft("lamps", LoadKind.StreetLights, 64)) { Model = "Acuvim L" }),
        ];
    }

    /// <summary>More sites, for fleets larger than the drafted ones: a main and four sub-meters that add up to it.</summary>
    public static SiteDraft More(int number)
    {
        LoadKind[] kinds = [LoadKind.Mall, LoadKind.Office, LoadKind.Workshop, LoadKind.ColdStore, LoadKind.PumpHouse];
        LoadDraft[] loads =
            [.. Enumerable.Range(0, 4).Select(i => new LoadDraft($"feeder {i + 1}", kinds[(number + i) % kinds.Length], 40 + (25 * i)))];
        MeterDraft[] subs = [.. loads.Select((load, i) => new MeterDraft($"Feeder {number:00}-{i + 1}", "sub", load))];
        return new($"Site {number:00}", -26 - (number % 8), 20 + (number % 11), [new($"Site {number:00} main", "main", loads), .. subs]);
    }
}
