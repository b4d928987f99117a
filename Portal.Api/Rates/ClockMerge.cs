using Portal.Api.Rates.Files;
using Portal.Data;
using Portal.Data.Rates;
using Portal.Domain.Tariffs;

namespace Portal.Api.Rates;

/// <summary>
/// Brings a file's clock together with the stored one of its name. Versions are matched by their first day. One that approved tariffs follow
/// doesn't change; a newer one ends it where it has no end.
/// </summary>
internal static class ClockMerge
{
    /// <param name="record">Tracked, with its versions; new where there is none stored.</param>
    /// <param name="followed">True where an approved version of a tariff follows the clock.</param>
    /// <param name="path">Of the clock in the file.</param>
    /// <returns>True where something changed.</returns>
    public static bool Merge(ClockRecord record, bool followed, TariffClock clock, string path, TariffFaults faults)
    {
        var changed = false;
        foreach (var (i, version) in clock.Versions.Index().OrderBy(entry => entry.Item.From))
        {
            var at = $"{path}.versions[{i}]";
            var content = RatesMapping.Content(version);
            if (record.Versions.Find(stored => stored.From == version.From) is { } same)
            {
                var equal = RatesMapping.Content(RatesMapping.ClockVersion(same)) == content;
                if (equal && (version.To is null || version.To == same.To)) continue;
                if (followed && !(equal && same.To is null))
                {
                    faults.Add(at, FormattableString.Invariant(
                        $"The clock '{record.Name}' has another version from {version.From:yyyy-MM-dd}, and approved tariffs follow it. Give the new windows another 'from', or the clock another name."));
                    continue;
                }

                (same.Content, same.To, changed) = (content, version.To, true);
                continue;
            }

            if (record.Versions.Find(stored => stored.To is null && stored.From < version.From) is { } open) open.To = version.From;
            if (record.Versions.Find(stored => Validity.Overlap(stored.From, stored.To, version.From, version.To)) is { } other)
            {
                faults.Add($"{at}.from", $"Overlaps the version of the stored clock '{record.Name}' {RateChecks.Days(other.From, other.To)}.");
                continue;
            }

            record.Versions.Add(new ClockVersionRecord { ClockId = record.Id, From = version.From, To = version.To, Content = content });
            changed = true;
        }

        return changed;
    }
}
