using System.Text.Json;
using Portal.Domain.Decoding;
using Portal.Domain.Measurements;

namespace Portal.Bench;

/// <summary>The rows that are measured with: a full reading of an Acuvim, twenty values, four of them registers.</summary>
internal static class BenchRows
{
    public static readonly IReadOnlyList<Quantity> Quantities20 =
    [
        Quantities.FrequencyHz, Quantities.Voltage1V, Quantities.Voltage2V, Quantities.Voltage3V, Quantities.VoltageAvgV,
        Quantities.Current1A, Quantities.Current2A, Quantities.Current3A, Quantities.CurrentAvgA,
        Quantities.ActivePower1Kw, Quantities.ActivePower2Kw, Quantities.ActivePower3Kw, Quantities.ActivePowerKw,
        Quantities.ReactivePowerKvar, Quantities.ApparentPowerKva, Quantities.PowerFactor,
        Quantities.EnergyImportKwh, Quantities.EnergyExportKwh, Quantities.ReactiveEnergyImportKvarh, Quantities.ReactiveEnergyExportKvarh,
    ];

    public static string Serial(int device) => $"BENCH{device:00000}";

    /// <summary>Writes rows of so many minutes of every device, by device, where the writer may write values.</summary>
    public static void Write(Utf8JsonWriter json, int firstDevice, int devices, DateTime from, int minutes)
    {
        var values = new double[Quantities.Count];
        values.AsSpan().Fill(double.NaN);
        for (var device = firstDevice; device < firstDevice + devices; device++)
        {
            var serial = JsonEncodedText.Encode(Serial(device));
            for (var minute = 0; minute < minutes; minute++)
            {
                for (var i = 0; i < Quantities20.Count; i++)
                {
                    values[Quantities20[i].Index] = Value(i, device, from.Minute + minute);
                }

                StoredRowEncoder.Write(json, serial, from.AddMinutes(minute).Ticks, values);
            }
        }
    }

    /// <summary>Like a meter's: two decimals, and registers that only count up.</summary>
    public static double Value(int column, int device, int minute) =>
        Quantities20[column] == Quantities.PowerFactor ? 0.95f
        : Quantities20[column].Kind == QuantityKind.Register ? Math.Round(1_000_000 + (device * 100) + (minute * 0.37) + column, 2)
        : (float)Math.Round(230 + (device % 100) + (minute * 0.13) + column, 2);
}
