using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Devices;
using Portal.Contracts.Energy;
using Portal.Web.Api;
using Portal.Web.Charts;
using Portal.Web.Figures;
using Portal.Web.Navigation;
using Portal.Web.States;

namespace Portal.Web.Devices;

/// <summary>A device's energy: by day as columns, hour by day as a heat map of two weeks.</summary>
public sealed partial class DeviceEnergy(PortalApi api, TimeProvider clock, NavigationManager navigation, IStringLocalizer<DevicesText> text) : DataComponent<EnergyAnswer>
{
    private const int Days = 14;

    private ChartSeries[] series = [];

    [Parameter, EditorRequired]
    public required DeviceItem Device { get; set; }

    [Parameter, EditorRequired]
    public required TimeZoneInfo Zone { get; set; }

    /// <summary>The heat map's last day, <c>2026-11-23</c>; absent: today.</summary>
    [SupplyParameterFromQuery]
    public string? Until { get; set; }

    protected override object Question => (Device.Id, Last);

    protected override TimeSpan? RefreshEvery => TimeSpan.FromMinutes(1);

    private IStringLocalizer<DevicesText> Text => text;

    private DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Zone).DateTime);

    private DateOnly Last => DateOnly.TryParseExact(Until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < Today && day.Year >= 2001 ? day : Today;

    private DateOnly First => Last.AddDays(1 - Days);

    protected override void OnInitialized() => series = [new("importKwh", text["Drawn"], "kWh"), new("exportKwh", text["FedIn"], "kWh", "--series-4")];

    private DateTimeOffset End
    {
        get
        {
            var (end, now) = (SiteTime.Midnight(Last.AddDays(1), Zone), clock.GetUtcNow());
            return end < now ? end : now;
        }
    }

    private string Csv => string.Create(
        CultureInfo.InvariantCulture,
        $"/api/energy/csv?deviceId={Device.Id}&from={SiteTime.Midnight(First, Zone).ToUnixTimeSeconds()}&to={End.ToUnixTimeSeconds()}&interval=hour");

    protected override Task<EnergyAnswer> LoadAsync(CancellationToken cancellationToken) =>
        api.DeviceEnergyAsync(Device.Id, SiteTime.Midnight(First, Zone), End, "hour", cancellationToken);

    // An hour that ends the range may belong to the next day where clocks change.
    private List<HeatCell> Cells(EnergyAnswer energy) => [.. HeatCell.Of(energy.Intervals, Zone).Where(cell => cell.Day >= First && cell.Day <= Last)];

    private static string Written(DateOnly day) => day.ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture);

    private string Link(DateOnly until) => navigation.GetUriWithQueryParameter("until", until < Today ? until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null);
}
