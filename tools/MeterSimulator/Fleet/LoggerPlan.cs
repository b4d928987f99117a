using MeterSimulator.Posts;

namespace MeterSimulator.Fleet;

/// <summary>How the fleet's meters are connected: by turns in every way that is found in the field.</summary>
internal static class LoggerPlan
{
    private const int Ways = 7;

    public static IEnumerable<DataLogger> For(IReadOnlyList<MeterPlan> meters, int seed, Serials serials)
    {
        // Odd seeds start with the module's plain post, even ones with the columnar log, so that two small fleets show all ways.
        var way = seed % 2 != 0 ? 0 : 4;
        for (var i = 0; i < meters.Count; way++)
        {
            var together = way % Ways == 1 && i + 1 < meters.Count && meters[i + 1].Site == meters[i].Site ? 2 : 1;
            foreach (var logger in Connect(way % Ways, [.. meters.Skip(i).Take(together)], serials.Module(i))) yield return logger;
            i += together;
        }
    }

    public static DataLogger ForStray(MeterPlan meter, Serials serials) => new(
        Web2(serials.Module(9_999)), [meter], PostForm.B, Dialects.Web2, Multipart: false, Gzip: false);

    private static IEnumerable<DataLogger> Connect(int way, MeterPlan[] meters, string serial)
    {
        switch (way)
        {
            case 0:
                yield return new(Web2(serial), meters, PostForm.B, Dialects.Web2, Multipart: true, Gzip: false);
                break;
            case 1: // one gateway reads several meters over its serial bus
                yield return new(
                    new("AcuLink", "AcuLink 810", serial), meters, PostForm.D, Dialects.Web2, Multipart: false, Gzip: true);
                break;
            case 2:
                yield return new(Web2(serial), meters, PostForm.A, Dialects.Legacy, Multipart: true, Gzip: false);
                break;
            case 3:
                yield return new(Web2(serial), meters, PostForm.B, Dialects.Watts, Multipart: false, Gzip: true);
                break;
            case 4:
                yield return new(Web2(serial), meters, PostForm.C, Dialects.Phases, Multipart: true, Gzip: true) { ReadingsPerPost = 3 };
                break;
            case 5: // the live post leaves the registers to the meter's own log. Form A names no meter: the module takes its serial.
                yield return new(Web2(meters[0].Serial), meters, PostForm.A, Dialects.Web2, Multipart: false, Gzip: false)
                {
                    Values = LoggedValues.WithoutRegisters,
                };
                yield return new(Web2(serial), meters, PostForm.MeterLog, Dialects.Web2, Multipart: true, Gzip: false)
                {
                    Values = LoggedValues.RegistersOnly, IntervalMultiple = 5, ReadingsPerPost = 3,
                };
                break;
            default:
                yield return new(new("", "", ""), meters, PostForm.B, Dialects.Legacy, Multipart: false, Gzip: false);
                break;
        }
    }

    private static Gateway Web2(string serial) => new("AXM-WEB2", "AXM-WEB2", serial);
}
