using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Api.Requests;
using Portal.Domain.Energy;

namespace Portal.Api.Measurements;

/// <summary>The half-open range <c>[from, to)</c> of a query.</summary>
internal readonly record struct TimeRange(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Reads both ends; each is needed.</summary>
    /// <param name="zone">Clock of times without an offset.</param>
    /// <param name="range">The range, where the result is null.</param>
    public static ValidationProblem? Read(string? from, string? to, TimeZoneInfo zone, out TimeRange range)
    {
        range = default;
        var errors = new Dictionary<string, string[]>();
        var start = Instant("from", from, zone, errors);
        var end = Instant("to", to, zone, errors);
        if (errors.Count == 0 && end <= start) errors["to"] = ["Must be later than 'from'."];
        if (errors.Count > 0) return Refusals.Invalid(errors);
        range = new TimeRange(start, end);
        return null;
    }

    /// <summary>Widens the range to whole intervals on the site's clock.</summary>
    /// <param name="length">Length of an interval.</param>
    /// <param name="zone">The site's clock.</param>
    /// <param name="most">Most intervals; the answer to more says what to do.</param>
    /// <param name="edges">n + 1 edges of n intervals, where the result is null.</param>
    public ValidationProblem? Align(IntervalLength length, TimeZoneInfo zone, int most, out List<DateTimeOffset> edges)
    {
        edges = IntervalGrid.Edges(From, To, length, zone, most) ?? [];
        return edges.Count > 0 ? null : Refusals.Invalid("interval", $"The range has more than {most} intervals. Ask for a shorter range or a longer interval.");
    }

    private static DateTimeOffset Instant(string field, string? text, TimeZoneInfo zone, Dictionary<string, string[]> errors)
    {
        if (string.IsNullOrWhiteSpace(text)) errors[field] = ["Is missing. " + Instants.Expected];
        else if (Instants.TryParse(text, zone, out var instant)) return instant;
        else errors[field] = [Instants.Expected];
        return default;
    }
}
