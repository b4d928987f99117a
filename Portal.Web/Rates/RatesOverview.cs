using Portal.Contracts.Rates;

namespace Portal.Web.Rates;

/// <summary>What the list of tariffs shows.</summary>
/// <param name="Shipped">Tariffs that come with the portal.</param>
public sealed record RatesOverview(IReadOnlyList<TariffItem> Tariffs, IReadOnlyList<ShippedTariffItem> Shipped);
