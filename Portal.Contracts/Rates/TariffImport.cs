namespace Portal.Contracts.Rates;

/// <summary>
/// Answer of <c>POST /api/rates/tariffs/import</c>, whose body is a tariff's file as YAML or JSON. With <c>?check=true</c> nothing is stored. A
/// file with faults is refused as a whole: 400, with every fault in <c>faults</c> besides the usual <c>errors</c>.
/// </summary>
/// <param name="TariffId">Null where nothing was stored and the tariff is new.</param>
/// <param name="Created">Versions that are new, as drafts.</param>
/// <param name="Replaced">Drafts that the file has otherwise.</param>
/// <param name="Unchanged">Versions that are as in the file.</param>
public sealed record TariffImported(string? TariffId, string Municipality, string Name, int Created, int Replaced, int Unchanged);

/// <summary>Something in a tariff's file that can't be.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Path">Such as <c>versions[0].components[2].price</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record RateFileFault(int Line, string Path, string Message);

/// <summary>A tariff that comes with the portal, in <c>GET /api/rates/shipped</c>; <c>POST …/{key}/import</c> takes it over as a draft.</summary>
/// <param name="Key">Names it in the address.</param>
/// <param name="TariffId">The tariff it became; null where it wasn't taken over yet.</param>
public sealed record ShippedTariffItem(string Key, string Municipality, string Name, DateOnly From, string Source, string? TariffId);
