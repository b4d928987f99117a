namespace MeterSimulator.Fleet;

internal enum LoadKind
{
    ColdStore,
    Mall,
    Office,
    Workshop,
    PumpHouse,
    StreetLights,
    RooftopPv,
}

/// <summary>A load of a site. Meters that name the same load measure the same current.</summary>
internal sealed record LoadDraft(string Name, LoadKind Kind, double RatedKw);

/// <param name="Name">As the portal shows it.</param>
/// <param name="Role">main, sub, generation or check.</param>
/// <param name="Loads">What flows through the meter.</param>
internal sealed record MeterDraft(string Name, string Role, params IReadOnlyList<LoadDraft> Loads)
{
    /// <summary>What it reads of a true 1; a check meter of another make differs by some per mille.</summary>
    public double Gain { get; init; } = 1;

    public string Model { get; init; } = "Acuvim IIR";
}

/// <summary>A site before it has meters with serials.</summary>
internal sealed record SiteDraft(string Name, double Latitude, double Longitude, params IReadOnlyList<MeterDraft> Meters)
{
    public string TimeZone { get; init; } = "Africa/Johannesburg";
}
