using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Fleet;
using Portal.Web.Api;
using Portal.Web.Figures;
using Portal.Web.States;

namespace Portal.Web.Fleet;

/// <summary>The operators' start page: the fleet in four figures, and its customers, the worst first.</summary>
public sealed partial class Dashboard(FleetApi api, IStringLocalizer<FleetText> text) : DataComponent<FleetDashboard>
{
    /// <summary>Which customers: one of <see cref="Choices"/>.</summary>
    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    /// <summary>What their code or name has in it.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Filter { get; set; }

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(10);

    private IStringLocalizer<FleetText> Text => text;

    private TimeZoneInfo Zone => SiteTime.Zone(Data.Value!.TimeZone);

    private IEnumerable<CustomerLine> Lines => Data.Value!.Customers.Select(customer => new CustomerLine(customer, Data.At!.Value));

    private List<CustomerLine> Shown => [.. Lines.Where(line => Belongs(line, Show) && line.Matches(Filter)).OrderBy(line => line.Rank).ThenBy(line => line.Customer.Code)];

    // Of the whole fleet: how live the page is.
    private Freshness Newest => Freshness.Of(Data.Value!.Customers.Where(customer => customer.Active).Min(customer => customer.LagSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    private string ActiveNote => Lines.Count(line => line.Customer.Active && !line.Lag.IsFresh) is var behind and > 0
        ? text["ActiveBehind", Numbers.Count(behind)]
        : text["ActiveFresh"];

    private IReadOnlyList<(string? Value, string Word, int Count)> Choices
    {
        get
        {
            var lines = Lines.ToList();
            (string? Value, string Word)[] choices = [(null, text["ChoiceAll"]), ("look", text["ChoiceLook"]), ("fresh", text["ChoiceFresh"]), ("late", text["ChoiceLate"]), ("stale", text["ChoiceStale"]), ("never", text["ChoiceNever"]), ("disabled", text["ChoiceDisabled"])];
            return [.. choices.Select(choice => (choice.Value, choice.Word, lines.Count(line => Belongs(line, choice.Value))))];
        }
    }

    protected override Task<FleetDashboard> LoadAsync(CancellationToken cancellationToken) => api.DashboardAsync(cancellationToken);

    private static bool Belongs(CustomerLine line, string? choice) => choice switch
    {
        "look" => line.NeedsALook,
        "disabled" => !line.Customer.Active,
        LagTags.Fresh or LagTags.Late or LagTags.Stale or LagTags.Never => line.Customer.Active && line.Customer.Tag == choice,
        _ => true,
    };
}
