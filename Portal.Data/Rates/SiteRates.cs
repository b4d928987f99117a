using Microsoft.EntityFrameworkCore;
using Portal.Domain.Tariffs;

namespace Portal.Data.Rates;

/// <summary>What applies to a site.</summary>
/// <param name="Tariffs">Assigned ones with their approved versions; at most one on a day.</param>
/// <param name="Facts">In any order.</param>
public sealed record SiteRates(IReadOnlyList<AppliedTariff> Tariffs, IReadOnlyList<SiteFacts> Facts)
{
    public static SiteRates None { get; } = new([], []);
}

/// <summary>Reads tariffs as bills take them: approved versions alone.</summary>
public sealed class SiteRatesQueries(PortalDbContext db)
{
    /// <returns>Of each site that has a tariff or facts; <see cref="SiteRates.None"/> holds for the others.</returns>
    public async Task<Dictionary<Guid, SiteRates>> OfSitesAsync(IReadOnlyCollection<Guid> siteIds, CancellationToken cancellationToken)
    {
        var assignments = await db.TariffAssignments.AsNoTracking().Where(a => siteIds.Contains(a.SiteId)).ToListAsync(cancellationToken);
        var facts = await db.SiteFacts.AsNoTracking().Where(f => siteIds.Contains(f.SiteId)).ToListAsync(cancellationToken);
        var tariffs = await TariffsAsync([.. assignments.Select(a => a.TariffId).Distinct()], cancellationToken);
        return assignments
            .Select(a => a.SiteId)
            .Concat(facts.Select(f => f.SiteId))
            .Distinct()
            .ToDictionary(
                site => site,
                site => new SiteRates(
                    [.. assignments.Where(a => a.SiteId == site).Select(a => new AppliedTariff(a.From, a.To, tariffs[a.TariffId]))],
                    [.. facts.Where(f => f.SiteId == site).Select(f => new SiteFacts(f.From, f.NotifiedDemandKva, f.ConnectionPoints, f.Amperes))]
                )
            );
    }

    /// <summary>A tariff with its approved versions; null where there is no such tariff.</summary>
    public async Task<Tariff?> TariffAsync(Guid id, CancellationToken cancellationToken) =>
        (await TariffsAsync([id], cancellationToken)).GetValueOrDefault(id);

    private async Task<Dictionary<Guid, Tariff>> TariffsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var records = await db.Tariffs.AsNoTracking()
            .Include(t => t.Municipality)
            .Include(t => t.Versions.Where(v => v.State == VersionState.Approved))
            .Where(t => ids.Contains(t.Id))
            .ToListAsync(cancellationToken);
        var clockIds = records.SelectMany(t => t.Versions).Select(v => v.ClockId).Distinct().ToList();
        var clocks = (await db.Clocks.AsNoTracking().Include(c => c.Versions).Where(c => clockIds.Contains(c.Id)).ToListAsync(cancellationToken))
            .ToDictionary(c => c.Id, RatesMapping.Clock);
        return records.ToDictionary(
            t => t.Id,
            t => new Tariff(
                t.Municipality!.Name,
                t.Name,
                [.. t.Versions.OrderBy(v => v.From).Select(v => RatesMapping.Version(v, v.ClockId is { } clock ? clocks[clock] : null))]
            )
        );
    }
}
