using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Ledger;

/// <summary>The device-days that one exchange is about.</summary>
/// <param name="Devices">The customer's devices within the exchange's range of serials that are not deleted: serial by key.</param>
/// <param name="From">First UTC day.</param>
/// <param name="To">First UTC day after it.</param>
internal sealed record LedgerScope(int CustomerId, IReadOnlyDictionary<int, string> Devices, DateOnly From, DateOnly To)
{
    /// <summary>Whether a serial is within the range that a request names.</summary>
    public static bool Contains(LedgerRequest request, string externalId) =>
        (request.After is null || string.CompareOrdinal(externalId, request.After) > 0)
        && (request.Until is null || string.CompareOrdinal(externalId, request.Until) <= 0);
}
