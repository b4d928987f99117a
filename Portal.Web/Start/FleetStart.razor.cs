using Microsoft.AspNetCore.Components;
using Portal.Contracts.Fleet;
using Portal.Web.Api;

namespace Portal.Web.Start;

/// <summary>The operators' start page: the fleet's customers.</summary>
public sealed partial class FleetStart(FleetApi api, TimeProvider clock) : ComponentBase
{
    private IReadOnlyList<CustomerView>? customers;
    private string? failure;
    private DateTimeOffset now;

    protected override async Task OnInitializedAsync()
    {
        try
        {
            customers = await api.CustomersAsync(CancellationToken.None);
            now = clock.GetUtcNow();
        }
        catch (ApiUnavailableException exception)
        {
            failure = exception.Message;
        }
    }
}
