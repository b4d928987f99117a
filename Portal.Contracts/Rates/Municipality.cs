using System.ComponentModel.DataAnnotations;

namespace Portal.Contracts.Rates;

/// <summary>Body of <c>POST /api/rates/municipalities</c> (201) and <c>PUT …/{id}</c> (200), both answered with a <see cref="MunicipalityItem"/>.</summary>
/// <param name="Name">Unique.</param>
public sealed record MunicipalityBody(
    [Required, StringLength(120), RegularExpression(Fields.OneLine, ErrorMessage = Fields.OneLineError)] string Name
);

/// <summary>A municipality or utility that charges for energy.</summary>
/// <param name="Id">Opaque.</param>
/// <param name="Tariffs">How many tariffs it has.</param>
public sealed record MunicipalityItem(string Id, string Name, int Tariffs);
