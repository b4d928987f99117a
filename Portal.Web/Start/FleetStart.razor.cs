using Microsoft.Extensions.Localization;
using Portal.Contracts.Fleet;
using Portal.Web.Api;
using Portal.Web.States;

namespace Portal.Web.Start;

/// <summary>The operators' start page: the fleet's customers.</summary>
public sealed partial class FleetStart(FleetApi api, IStringLocalizer<StartText> text) : DataComponent<IReadOnlyList<CustomerView>>
{
    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(10);

    private IStringLocalizer<StartText> Text => text;

    protected override Task<IReadOnlyList<CustomerView>> LoadAsync(CancellationToken cancellationToken) => api.CustomersAsync(cancellationToken);
}
