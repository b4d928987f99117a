using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Api.Audit;
using Portal.Api.Auth;
using Portal.Api.Auth.Oidc;
using Portal.Api.Requests;
using Portal.Contracts;
using Portal.Contracts.Users;
using Portal.Data;

namespace Portal.Api.Users;

internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder app)
    {
        var users = app.MapGroup("/api/users").WithTags("Users").RequireAuthorization(Policies.Admin);
        users.MapGet("/", ListAsync);
        users.MapGet("/{id:guid}", GetAsync);
        users.MapPost("/", CreateAsync);
        users.MapPut("/{id:guid}", UpdateAsync);
        users.MapPost("/{id:guid}/password", ResetPasswordAsync);
        users.MapPost("/{id:guid}/link", CreateLinkAsync);
        users.MapPost("/{id:guid}/oidc", SignInByProviderAsync);
        users.MapDelete("/{id:guid}/two-factor", ResetTwoFactorAsync);
        users.MapDelete("/{id:guid}", DeleteAsync);
    }

    private static async Task<Results<Ok<Page<UserItem>>, ValidationProblem>> ListAsync(
        [AsParameters] PageRequest request, UserQueries queries, CancellationToken cancellationToken)
    {
        if (request.Read(usual: PageRequest.MaxLimit, keys: 1, out var page) is { } invalid) return invalid;
        return TypedResults.Ok(await queries.PageAsync(page, cancellationToken));
    }

    private static async Task<Results<Ok<UserItem>, NotFound>> GetAsync(Guid id, UserQueries queries, CancellationToken cancellationToken) =>
        await queries.FindAsync(id, cancellationToken) is { } user ? TypedResults.Ok(user) : TypedResults.NotFound();

    private static async Task<Results<Created<UserItem>, ValidationProblem, ProblemHttpResult>> CreateAsync(
        UserCreateRequest request, ClaimsPrincipal caller, UserChange change, TimeProvider clock, CancellationToken cancellationToken)
    {
        var user = new PortalUser { UserName = request.Email, Email = request.Email, EmailConfirmed = true, CreatedAt = clock.GetUtcNow() };
        await using var transaction = await change.BeginAsync(cancellationToken);
        var created = request.Password is { } password ? await change.Users.CreateAsync(user, password) : await change.Users.CreateAsync(user);
        if (created.IsDuplicate()) return Refusals.Taken("email", "Another account has this email.");
        if (!created.Succeeded) return Refusals.Invalid(created.Fields("password"));
        UserChange.Ensure(await change.Users.AddToRoleAsync(user, request.Role));
        await change.CommitAsync(transaction, caller, "user.created", user, new { request.Role }, cancellationToken);
        return TypedResults.Created($"/api/users/{user.Id}", await change.Queries.FindAsync(user.Id, cancellationToken));
    }

    private static async Task<Results<Ok<UserItem>, NotFound, ProblemHttpResult>> UpdateAsync(
        Guid id, UserUpdateRequest request, ClaimsPrincipal caller, UserChange change, AccountLinks links, CancellationToken cancellationToken)
    {
        var active = request.Active!.Value;
        await using var transaction = await change.BeginAsync(cancellationToken);
        if (await change.FindAsync(id, cancellationToken) is not { } user) return TypedResults.NotFound();
        if ((request.Role != Roles.Admin || !active) && !await change.Administrators.ExistBesidesAsync(id, cancellationToken)) return LastAdmin();

        await change.SetRoleAsync(user, request.Role);
        user.SetActive(active);
        UserChange.Ensure(await change.Users.UpdateAsync(user));
        if (!active)
        {
            await change.Sessions.EndAllAsync(id, cancellationToken);
            await links.VoidAsync(id, cancellationToken);
        }

        await change.CommitAsync(transaction, caller, "user.updated", user, new { request.Role, active }, cancellationToken);
        return TypedResults.Ok(await change.Queries.FindAsync(id, cancellationToken));
    }

    private static async Task<Results<NoContent, NotFound, ValidationProblem>> ResetPasswordAsync(
        Guid id, UserPasswordRequest request, ClaimsPrincipal caller, UserChange change, AccountLinks links, CancellationToken cancellationToken)
    {
        await using var transaction = await change.BeginAsync(cancellationToken);
        if (await change.FindAsync(id, cancellationToken) is not { } user) return TypedResults.NotFound();
        if (user.PasswordHash is not null) UserChange.Ensure(await change.Users.RemovePasswordAsync(user));
        var set = await change.Users.AddPasswordAsync(user, request.Password);
        if (!set.Succeeded) return Refusals.Invalid(set.Fields("password"));
        await change.Sessions.EndAllAsync(id, cancellationToken);
        await links.VoidAsync(id, cancellationToken);
        await change.CommitAsync(transaction, caller, "user.password-reset", user, null, cancellationToken);
        return TypedResults.NoContent();
    }

    // The password so far stays until the link is used: whoever is locked out gains a way in, nobody loses theirs.
    private static async Task<Results<Ok<AccountLinkItem>, NotFound, ProblemHttpResult>> CreateLinkAsync(
        Guid id, HttpContext http, ClaimsPrincipal caller, UserChange change, AccountLinks links, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await change.BeginAsync(cancellationToken);
        if (await change.FindAsync(id, cancellationToken) is not { } user) return TypedResults.NotFound();
        if (!user.IsActive(clock.GetUtcNow())) return Refusals.Conflict(ProblemKinds.AccountDisabled, "This account is disabled.", "Enable it first, then make a link.");
        var link = await links.CreateAsync(id, cancellationToken);
        await change.CommitAsync(transaction, caller, "user.link-created", user, new { link.ExpiresAt }, cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(link);
    }

    // An identity it is connected with goes as well: whoever has the verified address at the provider now is connected anew.
    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> SignInByProviderAsync(
        Guid id, ClaimsPrincipal caller, UserChange change, AccountLinks links, IOptions<OidcOptions> provider, CancellationToken cancellationToken)
    {
        if (!provider.Value.IsOn) return Refusals.Conflict(ProblemKinds.NoProvider, "This portal has no provider to sign in at.", "Your operator sets one (Oidc__Authority).");
        await using var transaction = await change.BeginAsync(cancellationToken);
        if (await change.FindAsync(id, cancellationToken) is not { } user) return TypedResults.NotFound();
        if (!await change.Administrators.ExistBesidesAsync(id, cancellationToken)) return LastAdmin();
        foreach (var identity in await change.Users.GetLoginsAsync(user))
            UserChange.Ensure(await change.Users.RemoveLoginAsync(user, identity.LoginProvider, identity.ProviderKey));
        if (user.PasswordHash is not null) UserChange.Ensure(await change.Users.RemovePasswordAsync(user));
        await change.ForgetSecondFactorAsync(user);
        await change.Sessions.EndAllAsync(id, cancellationToken);
        await links.VoidAsync(id, cancellationToken);
        await change.CommitAsync(transaction, caller, "user.sent-to-provider", user, null, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> ResetTwoFactorAsync(
        Guid id, ClaimsPrincipal caller, UserChange change, TwoFactorRule rule, CancellationToken cancellationToken)
    {
        await using var transaction = await change.BeginAsync(cancellationToken);
        if (await change.FindAsync(id, cancellationToken) is not { } user) return TypedResults.NotFound();
        if (id == caller.UserId() && rule.Binds(caller.Role(), user.PasswordHash is not null)) return TwoFactorEndpoints.Needed();
        await change.ForgetSecondFactorAsync(user);
        await change.CommitAsync(transaction, caller, "user.two-factor-reset", user, null, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> DeleteAsync(
        Guid id, ClaimsPrincipal caller, UserChange change, CancellationToken cancellationToken)
    {
        await using var transaction = await change.BeginAsync(cancellationToken);
        if (await change.FindAsync(id, cancellationToken) is not { } user) return TypedResults.NotFound();
        if (!await change.Administrators.ExistBesidesAsync(id, cancellationToken)) return LastAdmin();
        // Its sessions go with the account (foreign key).
        UserChange.Ensure(await change.Users.DeleteAsync(user));
        await change.CommitAsync(transaction, caller, "user.deleted", user, null, cancellationToken);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult LastAdmin() => Refusals.Conflict(
        ProblemKinds.LastAdmin,
        "This is the last active admin with a password.",
        "Make another account with a password an active Admin first, then repeat this.");
}
