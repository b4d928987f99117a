namespace Portal.Domain.Tariffs;

/// <summary>
/// One thing a tariff version charges for. Prices are in the version's currency, without VAT; energy is per kWh, demand per kVA or kW and
/// month. Lists and names are as <see cref="TariffCheck"/> wants them: unique names, known seasons and bands.
/// </summary>
/// <param name="Name">As it stands on the bill, unique in its version.</param>
public abstract record TariffComponent(string Name);

/// <summary>Which seasons and bands of the clock a component is for.</summary>
/// <param name="Seasons">Null: all.</param>
/// <param name="Bands">Null: all.</param>
public sealed record BandScope(IReadOnlyList<string>? Seasons, IReadOnlyList<string>? Bands)
{
    public static BandScope All { get; } = new(null, null);

    public bool HasSeason(string? season) => Seasons is null || (season is not null && Seasons.Contains(season));

    public bool HasBand(string? band) => Bands is null || (band is not null && Bands.Contains(band));
}

/// <summary>A price of energy.</summary>
/// <param name="Season">Null: in every season.</param>
/// <param name="Band">Null: in every band, as one line.</param>
/// <param name="Price">Per kWh.</param>
public sealed record EnergyRate(string? Season, string? Band, decimal Price);

/// <summary>Imported energy by season and band, or flat: <c>Σ ΔEp_imp · price</c>.</summary>
/// <param name="Rates">One for every season and band, or one for all.</param>
public sealed record EnergyCharge(string Name, IReadOnlyList<EnergyRate> Rates) : TariffComponent(Name);

/// <summary>A step of an inclining block tariff.</summary>
/// <param name="UpTo">kWh of the calendar month at which it ends; null: it has no end.</param>
/// <param name="Price">Per kWh.</param>
public sealed record EnergyBlock(decimal? UpTo, decimal Price);

/// <summary>
/// Imported energy by what the calendar month has used so far: <c>block_k = clamp(E − lo_k, 0, hi_k − lo_k) · price_k</c>. E counts from the
/// first of the month on the site's clock, or from when the tariff was assigned, whatever period the bill is for: so the bills of two halves
/// add up to that of the whole.
/// </summary>
/// <param name="Blocks">Ascending. Energy beyond a last one with an end has no price, and the bill says so.</param>
/// <param name="Free">kWh of the month that cost nothing. They are the first ones, and count within the first blocks.</param>
/// <param name="Normalised">True: limits are for 30 days, and scaled by the days that the month has (that the tariff is assigned for).</param>
/// <param name="Seasons">Null: in every season.</param>
public sealed record BlockCharge(
    string Name,
    IReadOnlyList<EnergyBlock> Blocks,
    decimal Free = 0,
    bool Normalised = false,
    IReadOnlyList<string>? Seasons = null
) : TariffComponent(Name)
{
    /// <summary>Days that normalised limits are for.</summary>
    public const int NormalDays = 30;
}

/// <summary>A charge on each imported kWh besides its price.</summary>
/// <param name="Price">Per kWh.</param>
public sealed record Levy(string Name, decimal Price, BandScope Scope) : TariffComponent(Name);

/// <summary>A percentage of other components.</summary>
/// <param name="Percent">6 is six per cent; a rebate is negative, down to −100.</param>
/// <param name="Of">Names of components; null: all but surcharges, export credits and the minimum charge.</param>
public sealed record Surcharge(string Name, decimal Percent, IReadOnlyList<string>? Of) : TariffComponent(Name);

/// <summary>What demand is measured in.</summary>
public enum DemandUnit
{
    /// <summary><c>√(P² + Q²)</c>.</summary>
    Kva,

    /// <summary>P alone.</summary>
    Kw,
}

/// <summary>
/// The month's largest half-hour demand: <c>max(D, minimum) · price</c>. A part of a month is charged on its own maximum, pro rata.
/// </summary>
/// <param name="Price">Per unit and month.</param>
/// <param name="Minimum">Least demand that is charged, in the unit.</param>
/// <param name="Scope">Half-hours that count.</param>
public sealed record DemandCharge(string Name, DemandUnit Unit, decimal Price, decimal Minimum, BandScope Scope) : TariffComponent(Name);

/// <summary>
/// What the network is kept ready for: <c>max(NMD, D of this month, ratchet · max D of the months before) · price</c>, over all bands.
/// </summary>
/// <param name="Price">Per unit and month.</param>
/// <param name="Months">Months that count, this one included: 12 is the rolling year of South African networks.</param>
/// <param name="RatchetPercent">Share of the earlier months' demand that counts; 100 is all of it.</param>
public sealed record CapacityCharge(string Name, DemandUnit Unit, decimal Price, int Months = 12, decimal RatchetPercent = 100) : TariffComponent(Name);

/// <summary>What a fixed charge is for.</summary>
public enum FixedBasis
{
    Day,
    Month,

    /// <summary>Per connection point and month.</summary>
    ConnectionPoint,

    /// <summary>Per ampere of the connection and month.</summary>
    Ampere,
}

/// <summary>A charge that doesn't depend on what is used; a part of a day or month pro rata.</summary>
public sealed record FixedCharge(string Name, FixedBasis Per, decimal Price) : TariffComponent(Name);

/// <summary>What is set against each other where reactive energy is free up to a share of the active one.</summary>
public enum ReactiveAssessment
{
    /// <summary>The sums of the month.</summary>
    Month,

    /// <summary>Each half-hour by itself.</summary>
    HalfHour,
}

/// <summary>Imported reactive energy: <c>max(0, ΔEq_imp − free · ΔEp_imp) · price</c>.</summary>
/// <param name="Price">Per kvarh.</param>
/// <param name="FreePercent">kvarh per 100 kWh that are free; 0: every kvarh is charged.</param>
public sealed record ReactiveCharge(string Name, decimal Price, decimal FreePercent, ReactiveAssessment Assessment, BandScope Scope)
    : TariffComponent(Name);

/// <summary>What exported energy is paid with; a negative amount on the bill.</summary>
/// <param name="Rates">As for <see cref="EnergyCharge"/>, but a season or band may be left out: it earns nothing.</param>
/// <param name="Capped">True: in each band no more is paid than was imported in it, in the part of the month that the line is for.</param>
public sealed record ExportCredit(string Name, IReadOnlyList<EnergyRate> Rates, bool Capped) : TariffComponent(Name);

/// <summary>What the lines of a month come to at least; the difference becomes a line. A part of a month pro rata.</summary>
/// <param name="Price">Per month.</param>
public sealed record MinimumCharge(string Name, decimal Price) : TariffComponent(Name);
