namespace Portal.Domain.Energy;

/// <summary>
/// How energies and powers leave the services: to six decimals, a milliwatt-hour. Sums and differences of registers carry the noise of binary
/// fractions from the eighth decimal on, while registers have two, and interpolated ones as many as one likes. Bills and the delivery ledger
/// reckon with what is stored, never with these.
/// </summary>
public static class EnergyFigures
{
    private const int Decimals = 6;

    /// <param name="value">kWh or kW.</param>
    public static double Rounded(double value) => Math.Round(value, Decimals);

    /// <inheritdoc cref="Rounded(double)"/>
    public static double? Rounded(double? value) => value is { } known ? Rounded(known) : null;
}
