using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Audit;
using Portal.Web.Api;
using Portal.Web.States;

namespace Portal.Web.Fleet;

/// <summary>Who changed what of the fleet, newest first. Accounts and settings of the operators' stack have a trail of their own.</summary>
public sealed partial class FleetAuditPage(FleetApi api, IStringLocalizer<FleetText> text) : ListComponent<AuditItem>
{
    /// <summary>What customer, person, action or particulars have in them.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Filter { get; set; }

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(30);

    private IStringLocalizer<FleetText> Text => text;

    private List<AuditItem> Shown => [.. Data.Value!.Items.Where(Matches)];

    // What a person reads through.
    protected override int Step => 500;

    protected override Task<Listed<AuditItem>> ListAsync(int most, CancellationToken cancellationToken) => api.AuditAsync(most, cancellationToken);

    private bool Matches(AuditItem item) => string.IsNullOrEmpty(Filter)
        || new[] { item.Subject, item.Actor, Action(item), AuditDetails.Of(item.Details) }.Any(word => word.Contains(Filter, StringComparison.OrdinalIgnoreCase));

    // An action that a newer aggregator knows is shown by its name on the wire.
    private string Action(AuditItem item) => item.Action switch
    {
        "customer.registered" => text["ActionRegistered"],
        "customer.edited" => text["ActionEdited"],
        "customer.token-rotated" => text["ActionRotated"],
        "customer.deleted" => text["ActionDeleted"],
        _ => item.Action,
    };
}
