namespace Portal.Domain.Tariffs;

/// <summary>Half-open ranges of days <c>[from, to)</c> on a site's clock; without an end they go on until further notice.</summary>
public static class Validity
{
    public static bool Holds(DateOnly from, DateOnly? to, DateOnly date) => date >= from && (to is null || date < to);

    /// <summary>True where some day is in both.</summary>
    public static bool Overlap(DateOnly from, DateOnly? to, DateOnly otherFrom, DateOnly? otherTo) =>
        (otherTo is null || from < otherTo) && (to is null || otherFrom < to);
}
