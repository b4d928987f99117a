using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Contracts;

namespace Fleet.Aggregator.Storage;

/// <summary>Where the next page of a list starts that goes by a number: the key of the last row given.</summary>
internal static class KeyCursor
{
    /// <param name="first">What to go on from where no cursor was sent.</param>
    /// <param name="key">What to go on from.</param>
    /// <returns>Null where it is fine, else the answer.</returns>
    public static ValidationProblem? Read(string? cursor, long first, out long key)
    {
        key = first;
        return string.IsNullOrEmpty(cursor) || long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out key)
            ? null
            : TypedResults.ValidationProblem(
                new Dictionary<string, string[]> { ["cursor"] = ["Is not a cursor of this list. Send the 'next' of the page before, unchanged."] }
            );
    }

    /// <summary>Cuts what was read with one row too many, which says that there is a next page.</summary>
    public static Page<T> Cut<T>(List<T> rows, int size, Func<T, long> key)
    {
        var items = rows.Take(size).ToList();
        return new Page<T>(items, rows.Count > size ? key(items[^1]).ToString(CultureInfo.InvariantCulture) : null);
    }
}
