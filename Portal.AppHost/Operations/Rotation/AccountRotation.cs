using Portal.AppHost.Operations.Checks;

namespace Portal.AppHost.Operations.Rotation;

/// <summary>The password of the stack's first admin, whose account the stack's own file names, by the stack's public API.</summary>
internal sealed class AccountRotation(DeployedStack stack, PublicAddress address)
{
    /// <param name="current">The account with the password that it has now.</param>
    public Plan Password(PendingRotation rotation, Credentials current)
    {
        var plan = new Plan($"Change the password of {current.Email} at {stack.PublicUrl}:");
        if (rotation.IsResumed) plan.Remark("Goes on with a rotation that broke off.");
        plan.Remark("The account's sessions end. Nothing is started anew: the stack reads the variable only while it has no admin.");
        plan.Add("Keep the old and the new value until the new one is proven", rotation.Path, "Everything is as it was.", rotation.KeepAsync);
        plan.Add("Change it", $"POST {stack.PublicUrl}api/auth/password", "The account has the old password.", async cancel =>
        {
            using var api = new StackApi(stack.PublicUrl!, address.Handler());
            // One that broke off may have got as far as this.
            if (rotation.IsResumed && await api.LetsInAsync(current with { Password = rotation.New }, cancel)) return;
            await api.SignInAsync(current, cancel);
            await api.CallAsync(HttpMethod.Post, "/api/auth/password", new { currentPassword = current.Password, newPassword = rotation.New }, cancel);
        });
        plan.Add("Prove that it lets in", $"POST {stack.PublicUrl}api/auth/login", "The old and the new value are in .rotation.", async cancel =>
        {
            // A code of a second factor lets in once: there the change itself, which answered, is the proof.
            if (current.Code is not null) return;
            using var api = new StackApi(stack.PublicUrl!, address.Handler());
            await api.SignInAsync(current with { Password = rotation.New }, cancel);
            await api.SignOutAsync(cancel);
        });
        plan.Add("Write it, and forget the old value", stack.VariablesPath, "The account has the new password; both values are in .rotation.", async cancel =>
        {
            await rotation.WriteAsync(stack, rotation.New, cancel);
            rotation.Forget();
        });
        return plan;
    }
}
