using Portal.AppHost.Operations.Checks;

namespace Portal.AppHost.Operations.Rotation;

/// <summary>
/// A key with which meters post. A stack takes any number of keys at once, so the old one goes on until the meters have the new one; it is revoked
/// by a second command, which looks whether they do.
/// </summary>
internal sealed class IngestKeyRotation(DeployedStack stack, PublicAddress address)
{
    /// <summary>Makes a key in the place of another.</summary>
    /// <param name="prefix">How the one that it is to follow begins; null: it follows none.</param>
    /// <param name="name">What it is called where it follows none.</param>
    public Plan Make(Credentials who, string? prefix, string? name)
    {
        var plan = new Plan($"Make an ingest key of {stack.Code}{(prefix is null ? "" : $" in the place of {prefix}…")}:");
        plan.Remark("It is shown once, here: put it into the meters, or their loggers. Other keys stay in force.");
        plan.Add("Make it", $"POST {stack.PublicUrl}api/ingest-keys", "All keys are as they were.", async cancel =>
        {
            using var api = await SignedInAsync(who, cancel);
            var wanted = prefix is null ? name! : (await FindAsync(api, prefix, cancel)).Name;
            var made = await api.CallAsync<Made>(HttpMethod.Post, "/api/ingest-keys", new { name = wanted }, cancel);
            await api.SignOutAsync(cancel);
            var next = prefix is null ? "" : $"\n   Once the meters post with it: ./portal rotate ingest-key --key {prefix} --revoke --directory {stack.Directory.Root}";
            return $"'{made.Name}' is\n   {made.Key}{next}";
        });
        return plan;
    }

    /// <summary>Revokes a key whose successor is in use.</summary>
    public Plan Revoke(Credentials who, string prefix)
    {
        var plan = new Plan($"Revoke the ingest key {prefix}… of {stack.Code}:");
        plan.Remark("Whoever still posts with it is refused from then on (401).");
        plan.Add("See that its successor is in use, and revoke it", $"DELETE {stack.PublicUrl}api/ingest-keys/ID", "The key is in force as before.", async cancel =>
        {
            using var api = await SignedInAsync(who, cancel);
            var old = await FindAsync(api, prefix, cancel);
            var after = (await api.AllAsync<Key>("/api/ingest-keys", cancel)).Where(key => key.Name == old.Name && key.RevokedAt is null && key.CreatedAt > old.CreatedAt).ToList();
            if (after.Count == 0) throw new StepFailedException($"No other key is called '{old.Name}'.", $"make one first: ./portal rotate ingest-key --key {prefix}.");
            var used = after.Max(key => key.LastUsedAt);
            if (used is null || used < old.LastUsedAt)
                throw new StepFailedException($"Meters still post with it (last at {old.LastUsedAt:yyyy-MM-dd HH:mm} UTC), and {(used is null ? "nobody has posted with the new one yet" : $"the new one was used last at {used:yyyy-MM-dd HH:mm} UTC")}.", "put the new key into all of them, and wait for their next post.");
            await api.CallAsync(HttpMethod.Delete, $"/api/ingest-keys/{old.Id}", null, cancel);
            await api.SignOutAsync(cancel);
        });
        return plan;
    }

    private async Task<StackApi> SignedInAsync(Credentials who, CancellationToken cancel)
    {
        var api = new StackApi(stack.PublicUrl!, address.Handler());
        try
        {
            await api.SignInAsync(who, cancel);
            return api;
        }
        catch
        {
            api.Dispose();
            throw;
        }
    }

    private static async Task<Key> FindAsync(StackApi api, string prefix, CancellationToken cancel)
    {
        var found = (await api.AllAsync<Key>("/api/ingest-keys", cancel)).Where(key => key.RevokedAt is null && key.Prefix == prefix).ToList();
        return found.Count == 1 ? found[0] : throw new StepFailedException($"{(found.Count == 0 ? "No key" : "More than one key")} in force begins with {prefix}.", "give the beginning as Settings, Ingest keys shows it.");
    }

    private sealed record Key(string Id, string Name, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

    private sealed record Made(string Name, string Key);
}
