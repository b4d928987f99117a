using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Fleet;
using Portal.Web.Api;
using Portal.Web.States;

namespace Portal.Web.Fleet;

/// <summary>All devices of a customer, the silent ones first.</summary>
public sealed partial class DevicesTab(FleetApi api, IStringLocalizer<CustomerText> text) : ListComponent<FleetDevice>
{
    [Parameter, EditorRequired]
    public int CustomerId { get; set; }

    /// <summary>What name, serial or site have in them; null: anything.</summary>
    [Parameter]
    public string? Filter { get; set; }

    /// <summary><c>silent</c>, or null for all.</summary>
    [Parameter]
    public string? Show { get; set; }

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(10);

    protected override object? Question => CustomerId;

    // As many as a stack can have.
    protected override int Step => 5_000;

    private IStringLocalizer<CustomerText> Text => text;

    protected override Task<Listed<FleetDevice>> ListAsync(int most, CancellationToken cancellationToken) => api.DevicesAsync(CustomerId, most, cancellationToken);

    private List<FleetDevice> Shown(Listed<FleetDevice> devices) => [.. devices.Items.Where(device => (Show != "silent" || device.Silent) && Matches(device))
        .OrderBy(device => !device.Silent).ThenBy(device => device.Name, StringComparer.CurrentCulture)];

    private bool Matches(FleetDevice device) => string.IsNullOrEmpty(Filter)
        || new[] { device.Name, device.ExternalId, device.SiteName }.Any(word => word?.Contains(Filter, StringComparison.OrdinalIgnoreCase) == true);

    private IReadOnlyList<(string? Value, string Word, int Count)> Choices(Listed<FleetDevice> devices) =>
        [(null, text["ChoiceAll"], devices.Items.Count), ("silent", text["ChoiceSilent"], devices.Items.Count(device => device.Silent))];
}
