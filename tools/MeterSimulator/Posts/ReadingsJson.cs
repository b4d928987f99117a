using System.Text.Json;
using MeterSimulator.Fleet;
using MeterSimulator.Metering;

namespace MeterSimulator.Posts;

/// <summary>The arrays of <c>{param,value,unit}</c> that all JSON forms have, and the headers around them.</summary>
internal static class ReadingsJson
{
    private static readonly byte[][] LoadTypes = ["L"u8.ToArray(), "C"u8.ToArray(), "R"u8.ToArray()];

    /// <summary>One value each, of the block's first row.</summary>
    public static void Single(Utf8JsonWriter json, string name, DataLogger logger, ReadingBlock block)
    {
        json.WriteStartArray(name);
        foreach (var parameter in Logged(logger))
        {
            json.WriteStartObject();
            json.WriteString("param"u8, parameter.Name);
            json.WritePropertyName("value"u8);
            Value(json, logger.Dialect, parameter, block[0, parameter.Quantity]);
            json.WriteString("unit"u8, parameter.Unit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A column each. What is absent at a column's end is left out, so that it may be shorter than the times.</summary>
    public static void Columns(Utf8JsonWriter json, DataLogger logger, ReadingBlock block)
    {
        json.WriteStartArray("readings"u8);
        foreach (var parameter in Logged(logger))
        {
            json.WriteStartObject();
            json.WriteString("param"u8, parameter.Name);
            json.WriteStartArray("value"u8);
            var length = block.Range.Count;
            while (length > 0 && double.IsNaN(block[length - 1, parameter.Quantity])) length--;
            for (var row = 0; row < length; row++) Value(json, logger.Dialect, parameter, block[row, parameter.Quantity]);
            json.WriteEndArray();
            json.WriteString("unit"u8, parameter.Unit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void Gateway(Utf8JsonWriter json, Gateway gateway)
    {
        json.WriteStartObject("gateway"u8);
        if (gateway.Serial.Length > 0)
        {
            json.WriteString("name"u8, gateway.Name);
            json.WriteString("model"u8, gateway.Model);
            json.WriteString("serial"u8, gateway.Serial);
        }

        json.WriteEndObject();
    }

    private static IEnumerable<Parameter> Logged(DataLogger logger) => logger.Values switch
    {
        LoggedValues.WithoutRegisters => logger.Dialect.Parameters.Where(parameter => !Quantities.IsRegister(parameter.Quantity)),
        LoggedValues.RegistersOnly => logger.Dialect.Parameters.Where(parameter => Quantities.IsRegister(parameter.Quantity)),
        _ => logger.Dialect.Parameters,
    };

    private static void Value(Utf8JsonWriter json, Dialect dialect, Parameter parameter, double value)
    {
        if (double.IsNaN(value))
        {
            json.WriteStringValue(dialect.Absent);
            return;
        }

        if (parameter.Quantity == Quantity.LoadType)
        {
            json.WriteStringValue(LoadTypes[(int)value]);
            return;
        }

        Span<byte> text = stackalloc byte[FixedPoint.Longest];
        text = text[..FixedPoint.Write(value * parameter.Factor, parameter.Decimals, text)];
        if (dialect.NumbersAsText) json.WriteStringValue(text);
        else json.WriteRawValue(text, skipInputValidation: true);
    }
}
