using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Api.Audit;
using Portal.Api.Rates.Files;
using Portal.Contracts.Rates;
using Portal.Data;
using Portal.Data.Rates;
using Portal.Domain.Tariffs;

namespace Portal.Api.Rates;

/// <summary>
/// Takes a tariff's file over, all of it or nothing. Repeating it changes nothing: versions are matched by their first day, approved ones are
/// compared, drafts replaced, new ones added as drafts.
/// </summary>
internal sealed class TariffImport(PortalDbContext db, AuditTrail audit, TimeProvider time)
{
    /// <param name="checkOnly">True: everything is tried and nothing kept.</param>
    /// <returns>Null where the file has faults.</returns>
    public async Task<TariffImported?> RunAsync(string text, bool checkOnly, ClaimsPrincipal caller, FileFaults faults, CancellationToken cancellationToken)
    {
        if (TariffFileReader.Read(text, faults) is not { } file) return null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RatesLock.TakeAsync(db, cancellationToken);

        var found = new TariffFaults();
        var clocks = await ClocksAsync(file, found, cancellationToken);
        var versions = file.Versions.Select(version => version.Version with { Clock = version.ClockName is { } name && clocks.TryGetValue(name, out var clock) ? clock.Merged : null }).ToList();
        CheckNames(file, clocks.Keys, found);
        TariffCheck.Check(versions, "versions", found);
        var tariff = await TariffAsync(file, cancellationToken);
        var result = Merge(file, versions, clocks, tariff, found);
        await CheckFollowersAsync(clocks, tariff.Id, found, cancellationToken);
        faults.AddAll(found, file.Root);
        if (faults.Any) return null;
        if (checkOnly) return result with { TariffId = db.Entry(tariff).State == EntityState.Added ? null : result.TariffId };

        audit.Add(caller, "tariff.imported", $"{file.Municipality} {file.Name}", new { tariff.Id, result.Created, result.Replaced, result.Unchanged });
        foreach (var clock in clocks.Values.Where(clock => db.Entry(clock.Record).State == EntityState.Detached)) db.Clocks.Add(clock.Record);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    private sealed record KnownClock(ClockRecord Record, bool Changed, string? Path, TariffClock Merged);

    // The file's own clocks merged into the stored ones, and the stored ones that versions name.
    private async Task<Dictionary<string, KnownClock>> ClocksAsync(TariffFile file, TariffFaults found, CancellationToken cancellationToken)
    {
        var names = file.Clocks.Select(clock => clock.Name).Concat(file.Versions.Select(version => version.ClockName).OfType<string>()).Distinct().ToList();
        var stored = await db.Clocks.Include(clock => clock.Versions).Where(clock => names.Contains(clock.Name)).ToDictionaryAsync(clock => clock.Name, cancellationToken);
        var followed = await db.TariffVersions.Where(version => version.State == VersionState.Approved && version.ClockId != null)
            .Select(version => version.ClockId!.Value).Distinct().ToListAsync(cancellationToken);
        var clocks = stored.Values.ToDictionary(clock => clock.Name, clock => new KnownClock(clock, false, null, RatesMapping.Clock(clock)));
        foreach (var (i, clock) in file.Clocks.Index())
        {
            var path = $"clocks[{i}]";
            var before = found.All.Count;
            ClockCheck.Check(clock, path, found);
            if (!found.Require(!clocks.TryGetValue(clock.Name, out var known) || known.Path is null, $"{path}.name", $"There is another clock called '{clock.Name}'.")) continue;
            var record = known?.Record ?? new ClockRecord { Name = clock.Name };
            // What is not sound in itself is checked against nothing else, or one mistake would show up many times.
            var sound = found.All.Count == before;
            var changed = sound && ClockMerge.Merge(record, followed.Contains(record.Id), clock, path, found);
            clocks[clock.Name] = new KnownClock(record, changed, path, sound ? RatesMapping.Clock(record) : clock);
        }

        return clocks;
    }

    private static void CheckNames(TariffFile file, IEnumerable<string> clocks, TariffFaults found)
    {
        found.Require(IsName(file.Municipality), "municipality", "Must be a text of 1 to 120 characters in one line.");
        found.Require(IsName(file.Name), "name", "Must be a text of 1 to 120 characters in one line.");
        foreach (var (i, version) in file.Versions.Index())
        {
            found.Require(version.Version.Source.Length <= TariffVersionRecord.MaxSourceLength, $"versions[{i}].source", $"May have {TariffVersionRecord.MaxSourceLength} characters at most.");
            if (version.ClockName is { } name)
                found.Require(clocks.Contains(name), $"versions[{i}].clock", $"There is no clock '{name}', neither in this file nor stored.");
        }

        static bool IsName(string name) => name.Trim().Length is >= 1 and <= Municipality.MaxNameLength && name.Length <= Municipality.MaxNameLength && !name.Any(char.IsControl);
    }

    private async Task<TariffRecord> TariffAsync(TariffFile file, CancellationToken cancellationToken)
    {
        var tariff = await db.Tariffs.Include(t => t.Versions)
            .FirstOrDefaultAsync(t => t.Municipality!.Name == file.Municipality && t.Name == file.Name, cancellationToken);
        if (tariff is not null) return tariff;
        var municipality = await db.Municipalities.FirstOrDefaultAsync(m => m.Name == file.Municipality, cancellationToken)
            ?? new Municipality { Name = file.Municipality, CreatedAt = time.GetUtcNow() };
        tariff = new TariffRecord { Municipality = municipality, MunicipalityId = municipality.Id, Name = file.Name, CreatedAt = time.GetUtcNow() };
        db.Tariffs.Add(tariff);
        return tariff;
    }

    private TariffImported Merge(TariffFile file, List<TariffVersion> versions, Dictionary<string, KnownClock> clocks, TariffRecord tariff, TariffFaults found)
    {
        var (created, replaced, unchanged) = (0, 0, 0);
        var approved = tariff.Versions.Where(version => version.State == VersionState.Approved).ToList();
        foreach (var (i, version) in versions.Index())
        {
            var clockId = file.Versions[i].ClockName is { } name && clocks.TryGetValue(name, out var clock) ? clock.Record.Id : (Guid?)null;
            var stored = tariff.Versions.Find(other => other.From == version.From && other.State != VersionState.Withdrawn);
            if (stored is not null && IsSame(stored, version, clockId)) unchanged++;
            else if (stored is { State: VersionState.Approved })
                found.Add($"versions[{i}].from", FormattableString.Invariant($"The version from {version.From:yyyy-MM-dd} is approved, never changes, and is not as in the file. Give a new one another 'from', or withdraw the approved one first."));
            else if (RateChecks.InTheWay(approved, version.From, version.To, stored?.Id) is { } other)
                found.Add($"versions[{i}].from", $"Overlaps the approved version {RateChecks.Days(other.From, other.To)}.");
            else if (stored is not null)
            {
                replaced++;
                Write(stored, version, clockId);
            }
            else
            {
                created++;
                var draft = new TariffVersionRecord { TariffId = tariff.Id, Currency = "", Source = "", Content = "", CreatedAt = time.GetUtcNow() };
                Write(draft, version, clockId);
                db.TariffVersions.Add(draft);
            }
        }

        return new TariffImported(tariff.Id.ToString(), file.Municipality, file.Name, created, replaced, unchanged);
    }

    private static bool IsSame(TariffVersionRecord stored, TariffVersion version, Guid? clockId) =>
        (version.To is null || version.To == stored.To) && stored.ClockId == clockId && stored.Currency == version.Currency && stored.VatPercent == version.VatPercent
        && stored.Source == version.Source && RatesMapping.Content(RatesMapping.Version(stored, null)) == RatesMapping.Content(version);

    private static void Write(TariffVersionRecord record, TariffVersion version, Guid? clockId) =>
        (record.From, record.To, record.Currency, record.VatPercent, record.Source, record.ClockId, record.Content) =
        (version.From, version.To, version.Currency, version.VatPercent, version.Source, clockId, RatesMapping.Content(version));

    // A clock serves several tariffs: a change of it must suit the approved versions of all others.
    private async Task CheckFollowersAsync(Dictionary<string, KnownClock> clocks, Guid tariffId, TariffFaults found, CancellationToken cancellationToken)
    {
        var changed = clocks.Values.Where(clock => clock.Changed).ToDictionary(clock => clock.Record.Id);
        var ids = changed.Keys.Select(id => (Guid?)id).ToList();
        var followers = await db.TariffVersions.AsNoTracking().Include(version => version.Tariff)
            .Where(version => version.State == VersionState.Approved && ids.Contains(version.ClockId)).ToListAsync(cancellationToken);
        foreach (var follower in followers)
        {
            var clock = changed[follower.ClockId!.Value];
            var own = new TariffFaults();
            TariffCheck.Check(RatesMapping.Version(follower, clock.Merged), "", own);
            if (own.All is [var first, ..])
                found.Add(clock.Path!, FormattableString.Invariant(
                    $"Doesn't suit the approved version from {follower.From:yyyy-MM-dd} of '{follower.Tariff!.Name}'{(follower.TariffId == tariffId ? "" : ", another tariff")}: {first.Message}"));
        }
    }
}
