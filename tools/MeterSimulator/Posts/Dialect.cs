using System.Text.Json;
using MeterSimulator.Metering;

namespace MeterSimulator.Posts;

/// <param name="Quantity">What it is.</param>
/// <param name="Name">What this firmware calls it.</param>
/// <param name="Unit">The unit posted beside it; empty where the name says it.</param>
/// <param name="Decimals">Digits after the point.</param>
/// <param name="Factor">From the portal's unit to the posted one: 1000 for W.</param>
internal sealed record Parameter(Quantity Quantity, JsonEncodedText Name, JsonEncodedText Unit, int Decimals, double Factor);

/// <summary>How one firmware spells its parameters and values.</summary>
internal sealed class Dialect(string name, bool numbersAsText, string absent, IReadOnlyList<Parameter> parameters)
{
    public string Name { get; } = name;

    /// <summary>"230.1" instead of 230.1.</summary>
    public bool NumbersAsText { get; } = numbersAsText;

    /// <summary>What it posts for a value that it can't tell.</summary>
    public JsonEncodedText Absent { get; } = JsonEncodedText.Encode(absent);

    public IReadOnlyList<Parameter> Parameters { get; } = parameters;
}
