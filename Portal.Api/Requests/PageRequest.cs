using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Contracts;

namespace Portal.Api.Requests;

/// <summary><c>?limit=&amp;cursor=</c> of a collection. Text, so that the answer to a bad one names the field.</summary>
internal readonly record struct PageRequest(string? Limit, string? Cursor)
{
    /// <summary>Most rows of a page. Asking for more gives so many, and a cursor for the rest.</summary>
    public const int MaxLimit = 1_000;

    /// <param name="usual">Rows where no limit is asked for.</param>
    /// <param name="keys">Keys that a cursor of this collection has.</param>
    /// <param name="page">What was asked for.</param>
    /// <returns>Null where it is fine, else the answer.</returns>
    public ValidationProblem? Read(int usual, int keys, out PageStart page)
    {
        page = new PageStart(usual, null);
        if (!string.IsNullOrEmpty(Limit))
        {
            if (!int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit < 1)
                return Refusals.Invalid("limit", $"Must be a whole number from 1 to {MaxLimit}.");
            page = page with { Limit = Math.Min(limit, MaxLimit) };
        }

        if (string.IsNullOrEmpty(Cursor)) return null;
        if (Requests.Cursor.Decode(Cursor, keys) is not { } after) return Refusals.Invalid("cursor", InvalidCursor);
        page = page with { After = after };
        return null;
    }

    public const string InvalidCursor = "Is not a cursor of this list. Send the 'next' of the page before, unchanged.";
}

/// <param name="Limit">Rows to give, 1 to <see cref="PageRequest.MaxLimit"/>.</param>
/// <param name="After">Keys of the last row of the page before; null for the first page.</param>
internal readonly record struct PageStart(int Limit, string[]? After)
{
    /// <summary>Cuts what was read with <c>Limit + 1</c>: the row too many says that there is a next page.</summary>
    public Page<TItem> Cut<TRow, TItem>(List<TRow> rows, Func<TRow, TItem> item, Func<TRow, string[]> keys)
    {
        var more = rows.Count > Limit;
        if (more) rows.RemoveRange(Limit, rows.Count - Limit);
        return new Page<TItem>([.. rows.Select(item)], more ? Cursor.Encode(keys(rows[^1])) : null);
    }
}
