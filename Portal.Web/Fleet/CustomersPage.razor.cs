using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Fleet;
using Portal.Web.Api;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Fleet;

/// <summary>The customers of the fleet: register, edit, rotate the token, switch off, delete.</summary>
public sealed partial class CustomersPage(FleetApi api, Dialogs dialogs, IStringLocalizer<FleetText> text) : ListComponent<CustomerView>
{
    // Shown once; gone with the page.
    private CustomerToken? token;

    /// <summary>Which customers: one of <see cref="Choices"/>.</summary>
    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    /// <summary>What their code or name has in it.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Filter { get; set; }

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(10);

    private IStringLocalizer<FleetText> Text => text;

    private List<CustomerView> Shown => [.. Data.Value!.Items.Where(customer => Belongs(customer, Show) && Matches(customer))];

    private IReadOnlyList<(string? Value, string Word, int Count)> Choices
    {
        get
        {
            (string? Value, string Word)[] choices = [(null, text["ChoiceAll"]), ("active", text["ChoiceActive"]), ("disabled", text["ChoiceDisabled"])];
            return [.. choices.Select(choice => (choice.Value, choice.Word, Data.Value!.Items.Count(customer => Belongs(customer, choice.Value))))];
        }
    }

    protected override Task<Listed<CustomerView>> ListAsync(int most, CancellationToken cancellationToken) => api.CustomersAsync(most, cancellationToken);

    private async Task RegisterAsync()
    {
        if (await dialogs.AskAsync<CustomerDialog, CustomerToken>(text["RegisterTitle"]) is not { } registered) return;
        token = registered;
        await ReloadAsync();
    }

    private void ShowToken(CustomerToken rotated) => token = rotated;

    private bool Matches(CustomerView customer) => string.IsNullOrEmpty(Filter)
        || customer.Code.Contains(Filter, StringComparison.OrdinalIgnoreCase) || customer.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase);

    private static bool Belongs(CustomerView customer, string? choice) => choice switch { "active" => customer.Active, "disabled" => !customer.Active, _ => true };
}
