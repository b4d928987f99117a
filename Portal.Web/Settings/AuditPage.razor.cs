using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Audit;
using Portal.Web.Api;
using Portal.Web.Fleet;
using Portal.Web.States;

namespace Portal.Web.Settings;

/// <summary>Who changed what of this stack, newest first.</summary>
public sealed partial class AuditPage(PortalApi api, IStringLocalizer<SettingsText> text) : ListComponent<AuditItem>
{
    [SupplyParameterFromQuery(Name = "q")]
    public string? Filter { get; set; }

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(30);

    private IStringLocalizer<SettingsText> Text => text;

    // What a person reads through.
    protected override int Step => 500;

    protected override Task<Listed<AuditItem>> ListAsync(int most, CancellationToken cancellationToken) => api.AuditAsync(most, cancellationToken);

    // "user.password-reset" is read as "user password reset".
    private static string Action(AuditItem item) => item.Action.Replace('.', ' ').Replace('-', ' ');

    private List<AuditItem> Shown(Listed<AuditItem> items) => [.. items.Items.Where(item => Filter is not { Length: > 0 } filter
        || new[] { item.Subject, item.Actor, Action(item), AuditDetails.Of(item.Details), AuditDetails.Keys(item.Details) }.Any(word => word.Contains(filter, StringComparison.OrdinalIgnoreCase)))];
}
