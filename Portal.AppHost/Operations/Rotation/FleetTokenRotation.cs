using Portal.AppHost.Manifests;
using Portal.AppHost.Operations.Checks;

namespace Portal.AppHost.Operations.Rotation;

/// <summary>The token with which a customer's stack pushes, by the operators' API. What is to be pushed waits in the database meanwhile.</summary>
internal sealed class FleetTokenRotation(DeployedStack stack, StackHost host, PublicAddress address, TimeProvider clock)
{
    // ingest reads the file again when it changes; a kubelet takes a minute and more to bring it there.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly StackDatabase _database = new(stack, host);

    /// <summary>The address of the operators' stack.</summary>
    /// <exception cref="UsageException">The stack pushes to none, or has its token elsewhere.</exception>
    public static Uri FleetOf(DeployedStack stack)
    {
        if (stack.Kind != StackKind.Customer || stack.Published.FleetUrl is not { } url) throw new UsageException($"{stack.Code} pushes to no fleet, so it has no token. Nothing was changed.");
        if (stack.Target == Target.Compose && stack.Variables["FleetIngest__Token"] is { Length: > 0 })
            throw new UsageException($"{stack.VariablesPath} has FleetIngest__Token, which ingest reads when it starts alone. Nothing was changed. Let it read {StackDirectory.FleetTokenName}: write the token there, take the line FleetIngest__Token away, bring ingest up (docker compose up -d), and rotate.");
        return new(new Uri(url).GetLeftPart(UriPartial.Authority));
    }

    public Plan Token(Credentials who)
    {
        var fleet = FleetOf(stack);
        var changed = clock.GetUtcNow();
        var plan = new Plan($"Change the token with which {stack.Code} pushes to {fleet.Host}:");
        plan.Remark("The operators' stack knows one token at a time: pushes pause until ingest has the new one, within seconds (on Kubernetes some two minutes). Nothing is lost.");
        plan.Add($"Rotate it there, and write it to {StackDirectory.FleetTokenName}", $"POST {fleet}api/fleet/customers/ID/rotate-token", "The token is the one before, unless the operators' stack says that it was rotated: then run this again.", async cancel =>
        {
            await FleetTokenFile.TryAsync(stack.Directory, cancel);
            using var api = new StackApi(fleet, address.Handler());
            await api.SignInAsync(who, cancel);
            var customer = (await api.AllAsync<Customer>("/api/fleet/customers", cancel)).SingleOrDefault(one => one.Code == stack.Code)
                ?? throw new StepFailedException($"{fleet.Host} knows no customer {stack.Code}.", "register it there: ./portal provision, or Customers in its pages.");
            changed = clock.GetUtcNow();
            var issued = await api.CallAsync<Issued>(HttpMethod.Post, $"/api/fleet/customers/{customer.Id}/rotate-token", null, cancel);
            // From here on it is kept even while everything stops.
            await FleetTokenFile.KeepAsync(stack.Directory, stack.Target, issued.Token);
            await api.SignOutAsync(CancellationToken.None);
        });
        if (stack.Target == Target.Kubernetes) plan.Add("Give it to the cluster", host.Says("apply --kustomize"), "The new token is in the file; the cluster has the one before.", cancel => host.UpAsync(cancel));
        plan.Add("Wait until a push with it is accepted", "ask the database", "The new token is in the file, and ingest reads it by itself.", cancel => ProveAsync(changed, cancel));
        return plan;
    }

    private async Task<string?> ProveAsync(DateTimeOffset changed, CancellationToken cancel)
    {
        if (!_database.CanBeAsked) return "The database can't be asked from here: look at Settings, Fleet connection.";
        var sql = FormattableString.Invariant($"""SELECT "LastSuccessAt" > to_timestamp({changed.ToUnixTimeSeconds()}) AND NOT "Paused", replace(coalesce("LastError", ''), E'\n', ' ') FROM monitoring."FleetPush";""");
        var said = "";
        for (var from = clock.GetTimestamp(); clock.GetElapsedTime(from) < Patience; await Task.Delay(TimeSpan.FromSeconds(3), clock, cancel))
        {
            var row = (await _database.RunAsync(sql, cancel)).Output.Trim().Split('|', 2);
            if (row[0] == "t") return null;
            said = row.ElementAtOrDefault(1) ?? said;
        }

        throw new StepFailedException($"No push was accepted for {Patience.TotalMinutes:0} minutes. {said}".TrimEnd(), "look at ingest's log; what is to be pushed waits in the database.");
    }

    private sealed record Customer(int Id, string Code);

    private sealed record Issued(string Token);
}
