using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Web.Navigation;
using Portal.Web.States;

namespace Portal.Web.Grafana;

/// <summary>Grafana's dashboards within the portal, where the stack has a Grafana. The gateway signs people in to it.</summary>
public sealed partial class GrafanaPage(
    GrafanaProbe grafana,
    IOptions<GrafanaOptions> options,
    IOptions<ApplicationOptions> application,
    IStringLocalizer<GrafanaText> text
) : DataComponent<GrafanaState>
{
    /// <summary>Uid of the dashboard, which is its file's name in <c>grafana/</c>.</summary>
    [SupplyParameterFromQuery(Name = "tab")]
    public string? Tab { get; set; }

    // A Grafana that is shown goes on by itself; one that is away may come back.
    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(15);

    private IStringLocalizer<GrafanaText> Text => text;

    private IReadOnlyList<PageTab> Boards =>
        application.Value.RunMode == RunMode.Admin
            ? [new("fleet-overview", text["FleetOverview"]), new("customer-drilldown", text["CustomerDrilldown"])]
            : [new("overview", text["Overview"]), new("device", text["Device"]), new("power-quality", text["PowerQuality"]), new("energy", text["Energy"])];

    private PageTab Selected => Boards.FirstOrDefault(board => board.Name == Tab) ?? Boards[0];

    private string Board => $"{options.Value.EmbedPathPrefix}/d/{Selected.Name}";

    protected override Task<GrafanaState> LoadAsync(CancellationToken cancellationToken) => grafana.AskAsync(cancellationToken);
}
