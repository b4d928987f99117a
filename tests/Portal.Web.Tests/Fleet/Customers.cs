using System.Net.Http.Json;
using Portal.Contracts;
using Portal.Contracts.Fleet;

namespace Portal.Web.Tests.Fleet;

/// <summary>A fleet as its aggregator answers it.</summary>
internal static class Customers
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 30, 0, TimeSpan.Zero);

    public static DashboardCustomer Line(int id, string code, double? lagSeconds = 24, bool active = true, int silent = 0, long? open = 0, double? skew = 0.2, TimeSpan? backupAge = null, double kwh = 12185.44000000041) =>
        new(
            id, code, $"Name of {code}", active, Now.AddSeconds(-4), lagSeconds,
            lagSeconds switch { null => LagTags.Never, < 300 => LagTags.Fresh, < 3600 => LagTags.Late, _ => LagTags.Stale },
            9, silent, 4120, kwh, skew, "2.4.1+1b768df6", 0, backupAge is { } age ? Now - age : null, 77_000_000_000, open);

    public static FleetDashboard Fleet(params DashboardCustomer[] customers) => new(
        customers.Length, customers.Count(customer => customer.Active), customers.Sum(customer => customer.MeasurementsToday), customers.Sum(customer => customer.EnergyTodayKwh),
        customers, "Africa/Johannesburg");

    public static CustomerView View(int id, string code, bool active = true) =>
        new(id, code, $"Name of {code}", active, "pft_mOmF", Now.AddDays(-40), Now.AddSeconds(-4), Now.AddSeconds(-24), Now.AddSeconds(-4), "2.4.1+1b768df6", 2);

    public static CustomerDetail Detail(DashboardCustomer customer, params IngestEventView[] events) => new(
        customer,
        [new FleetSite(1, "01a2132e", "Cold store", "Africa/Johannesburg", 2)],
        [
            new FleetDevice(1, "AN1", 1, "Cold store", "Incomer", "Acuvim II", "main", Now.AddHours(-3), 60, Silent: true),
            new FleetDevice(2, "AN2", 1, "Cold store", "Compressors", null, "sub", Now.AddSeconds(-24), null, Silent: false),
        ],
        [new FleetMeasurement(Now.AddSeconds(-24), Now.AddSeconds(-4), 2, "AN2", "Compressors", 156.1557, 2362591.78, null)],
        events,
        [new SilenceView(1, "devices", Now.AddHours(-3), null, 7, ["AN1", "AN3"])]);

    /// <summary>A push that arrived so long ago with rows measured over a stretch before.</summary>
    public static IngestEventView Push(long id, TimeSpan ago, TimeSpan oldest, TimeSpan newest, int rows = 5000, int rejected = 0, int status = 200, string? error = null) => new(
        id, status == 200 ? "measurements" : "unknown", status, rows, rows - rejected, 0, rejected, status == 200 ? Now - ago - oldest : null, status == 200 ? Now - ago - newest : null,
        Now - ago, 54.9, 425_007, null, error, []);

    public static HttpResponseMessage Json<T>(T answer) => new() { Content = JsonContent.Create(answer) };

    public static HttpResponseMessage PageOf<T>(params T[] items) => Json(new Page<T>(items, null));
}
