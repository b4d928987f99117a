using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Api.Requests;
using Portal.Api.Users;
using Portal.Contracts.Auth;

namespace Portal.Api.Auth;

internal static class AccountLinkEndpoint
{
    // The link is what lets in: 256 random bits, so there is nothing to guess and nothing to slow down.
    public static void MapAccountLink(this IEndpointRouteBuilder app) => app.MapPost("/api/auth/link", UseAsync).WithTags("Auth").AllowAnonymous();

    private static async Task<Results<NoContent, ValidationProblem>> UseAsync(
        AccountLinkRequest request, UserChange change, AccountLinks links, TimeProvider clock, CancellationToken cancellationToken)
    {
        // Nobody who only tries holds up the admins: the lock is for what looks right.
        if (await links.FindAsync(request.Secret, cancellationToken) is null) return Unusable();

        await using var transaction = await change.BeginAsync(cancellationToken);
        // Under the lock of all changes of accounts: of two at once one finds it used.
        if (await links.FindAsync(request.Secret, cancellationToken) is not { } id
            || await change.FindAsync(id, cancellationToken) is not { } user
            || !user.IsActive(clock.GetUtcNow()))
            return Unusable();

        if (user.PasswordHash is not null) UserChange.Ensure(await change.Users.RemovePasswordAsync(user));
        var set = await change.Users.AddPasswordAsync(user, request.NewPassword);
        if (!set.Succeeded) return Refusals.Invalid(set.Fields("newPassword"));
        await links.VoidAsync(id, cancellationToken);
        await change.Sessions.EndAllAsync(id, cancellationToken);
        change.NoteOwn("user.password-chosen", user);
        await change.CommitOwnAsync(transaction, cancellationToken);
        return TypedResults.NoContent();
    }

    private static ValidationProblem Unusable() =>
        Refusals.Invalid("secret", "This link can't be used: it was used before, is too old, or another one was made since. Ask your admin for a new one.");
}
