using Portal.AppHost.Manifests;
using Portal.AppHost.Operations.Checks;
using Portal.AppHost.Operations.Rotation;

namespace Portal.AppHost.Operations.Deployment;

/// <summary>A customer at the operators' stack, by its public API, as an operator.</summary>
/// <param name="fleet">The operators' stack's address.</param>
/// <param name="who">The operator.</param>
internal sealed class FleetCustomer(Uri fleet, Credentials who, PublicAddress address)
{
    /// <summary>Whether a customer that is registered already, and whose token is not in the stack's directory, gets another one.</summary>
    public bool NewToken { get; init; }

    /// <summary>Registers a stack's customer, and keeps its token; one that is registered already keeps what it has.</summary>
    /// <returns>What was done.</returns>
    /// <exception cref="StepFailedException">It is registered, its token is not here, and it may have no other.</exception>
    /// <exception cref="UsageException">A token would have to be kept, and the stack reads it from <c>.env</c>.</exception>
    public async Task<string> RegisterAsync(DeployedStack stack, string name, CancellationToken cancel)
    {
        await FleetTokenFile.TryAsync(stack.Directory, cancel);
        using var api = new StackApi(fleet, address.Handler());
        await api.SignInAsync(who, cancel);
        try
        {
            if (await FindAsync(api, stack.Code, cancel) is not { } known)
            {
                FleetTokenRotation.FleetOf(stack);
                var issued = await api.CallAsync<Issued>(HttpMethod.Post, "/api/fleet/customers", new { code = stack.Code, name }, cancel);
                await FleetTokenFile.KeepAsync(stack.Directory, stack.Target, issued.Token);
                return $"Its token is in {StackDirectory.FleetTokenName}.";
            }

            if (!known.Active) throw new StepFailedException($"{stack.Code} is switched off at {fleet.Host}: its pushes would be refused.", "Switch it on there (Customers).");
            if (!Holds(stack, known)) return await ReplaceAsync(api, stack, known, cancel);
            return "It was registered already, with the token that is here.";
        }
        finally
        {
            await api.SignOutAsync(CancellationToken.None);
        }
    }

    /// <summary>Deletes a stack's customer with all that it pushed; one that is not there is no error.</summary>
    /// <exception cref="StepFailedException">The customer of this code has another token than the stack: it may be somebody else.</exception>
    public async Task<string?> DeleteAsync(DeployedStack stack, CancellationToken cancel)
    {
        using var api = new StackApi(fleet, address.Handler());
        await api.SignInAsync(who, cancel);
        try
        {
            if (await FindAsync(api, stack.Code, cancel) is not { } known) return "It is not known there.";
            if (stack.FleetToken is not null && !Holds(stack, known))
                throw new StepFailedException(
                    $"The customer {stack.Code} at {fleet.Host} has another token ({known.TokenPrefix}…) than this stack: it may be another's.",
                    "Look at Customers there. Say --keep-fleet, and delete it in those pages, if it is this one.");
            await api.CallAsync(HttpMethod.Delete, $"/api/fleet/customers/{known.Id}", null, cancel);
            return null;
        }
        finally
        {
            await api.SignOutAsync(CancellationToken.None);
        }
    }

    private async Task<string> ReplaceAsync(StackApi api, DeployedStack stack, Customer known, CancellationToken cancel)
    {
        if (!NewToken)
            throw new StepFailedException(
                $"{stack.Code} is registered at {fleet.Host} already, and {StackDirectory.FleetTokenName} is not its token ({known.TokenPrefix}…), which is shown once.",
                $"Is that this customer, and no other of this code? Then say --new-token as well: it gets another one, and the one in force is refused from then on. Or write the one in force to {stack.Directory.FleetToken}.");
        FleetTokenRotation.FleetOf(stack);
        var issued = await api.CallAsync<Issued>(HttpMethod.Post, $"/api/fleet/customers/{known.Id}/rotate-token", null, cancel);
        await FleetTokenFile.KeepAsync(stack.Directory, stack.Target, issued.Token);
        return $"It was registered already; its new token is in {StackDirectory.FleetTokenName}.";
    }

    private static async Task<Customer?> FindAsync(StackApi api, string code, CancellationToken cancel) =>
        (await api.AllAsync<Customer>("/api/fleet/customers", cancel)).SingleOrDefault(customer => customer.Code == code);

    private static bool Holds(DeployedStack stack, Customer customer) => stack.FleetToken?.StartsWith(customer.TokenPrefix, StringComparison.Ordinal) == true;

    private sealed record Customer(int Id, string Code, bool Active, string TokenPrefix);

    private sealed record Issued(string Token);
}
