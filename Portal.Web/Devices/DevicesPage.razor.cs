using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Devices;
using Portal.Contracts.Overview;
using Portal.Web.Api;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Devices;

/// <summary>A device and the name of its site.</summary>
public sealed record DeviceRow(OverviewDevice Device, string Site);

/// <summary>All devices of all sites, with the age of what they sent.</summary>
public sealed partial class DevicesPage(PortalApi api, Dialogs dialogs, NavigationManager navigation, IStringLocalizer<DevicesText> text) : DataComponent<OverviewAnswer>
{
    private const string FreshState = "fresh";
    private const string NotFreshState = "not-fresh";
    private const string NeverState = "never";

    [SupplyParameterFromQuery(Name = "q")]
    public string? Filter { get; set; }

    [SupplyParameterFromQuery]
    public string? State { get; set; }

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(10);

    private IStringLocalizer<DevicesText> Text => text;

    /// <summary>Address of a device's page.</summary>
    public static string Path(string deviceId) => "/devices/" + Uri.EscapeDataString(deviceId);

    protected override Task<OverviewAnswer> LoadAsync(CancellationToken cancellationToken) => api.OverviewAsync(cancellationToken);

    private static IEnumerable<DeviceRow> Rows(OverviewAnswer overview) => overview.Sites.SelectMany(site => site.Devices, (site, device) => new DeviceRow(device, site.Name));

    private List<DeviceRow> Shown(OverviewAnswer overview) =>
        [.. Rows(overview).Where(row => (State is null || StateOf(row.Device, overview.At) == State) && Matches(row)).OrderBy(row => row.Device.Name, StringComparer.CurrentCulture)];

    private bool Matches(DeviceRow row) => Filter is not { Length: > 0 } filter
        || new[] { row.Device.Name, row.Device.ExternalId, row.Site }.Any(word => word.Contains(filter, StringComparison.CurrentCultureIgnoreCase));

    private static string StateOf(OverviewDevice device, DateTimeOffset now) =>
        device.LastSeenAt is null ? NeverState : Freshness.Of(device.LastSeenAt, now).IsFresh ? FreshState : NotFreshState;

    private List<(string? Value, string Word, int Count)> States(OverviewAnswer overview)
    {
        var states = Rows(overview).CountBy(row => StateOf(row.Device, overview.At)).ToDictionary();
        return
        [
            (null, text["All"], states.Values.Sum()),
            (FreshState, text["Fresh"], states.GetValueOrDefault(FreshState)),
            (NotFreshState, text["NotFresh"], states.GetValueOrDefault(NotFreshState)),
            (NeverState, text["Never"], states.GetValueOrDefault(NeverState)),
        ];
    }

    private async Task CreateAsync()
    {
        if (await dialogs.AskAsync<DeviceDialog, DeviceCreated>(text["NewDevice"]) is { } created) navigation.NavigateTo(Path(created.Id));
    }
}
