using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Data;
using Portal.Testing;

namespace Portal.Api.Tests;

/// <summary>A stack whose admins need two-factor.</summary>
public sealed class StrictHost : ApiHost
{
    public StrictHost() => Settings["SignIn:AdminsNeedTwoFactor"] = "true";
}

public sealed class TwoFactorRuleTests(StrictHost api) : IClassFixture<StrictHost>
{
    private const string Password = "Correct-horse-7";
    private static int people;

    // All that is open to an admin who has to set it up first.
    private static readonly string[] Own = ["/api/auth/me", "/api/auth/check", "/api/auth/password", "/api/auth/two-factor"];

    [PostgresFact]
    public async Task Until_an_admin_has_it_every_endpoint_there_is_stays_closed_but_those_of_the_own_account()
    {
        using var admin = await api.SignedInAsync(await PersonAsync(Roles.Admin), Password);
        Assert.All(ApiRoute.Of(api), route => Assert.Equal(
            IsOwn(route), route.Endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(rule => rule.Policy == "own")));
        foreach (var route in ApiRoute.Of(api).Where(route => !route.IsOpen))
        {
            using var answer = await admin.SendAsync(route.Request("{}"));
            if (IsOwn(route) && route.Path != "/api/auth/check")
            {
                Assert.True(answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden), $"{route.Name} answers {(int)answer.StatusCode}.");
                continue;
            }

            var problem = await answer.ProblemAsync(HttpStatusCode.Forbidden, "two-factor-setup");
            Assert.Contains("/account", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [PostgresFact]
    public async Task With_the_first_code_the_same_session_opens_everything_and_the_others_of_the_account_end()
    {
        var email = await PersonAsync(Roles.Admin);
        using var login = await api.Client().PostAsJsonAsync("/api/auth/login", new LoginRequest(email, Password));
        Assert.Equal(Roles.AdminWithoutTwoFactor, (await login.ReadAsync<SignedInUser>()).Role);
        using var admin = await api.SignedInAsync(email, Password);
        using var elsewhere = await api.SignedInAsync(email, Password);
        Assert.Equal(Roles.AdminWithoutTwoFactor, (await (await admin.GetAsync("/api/auth/me")).ReadAsync<SignedInUser>()).Role);
        Assert.Equal(new TwoFactorItem(false, 0, Needed: true), await (await admin.GetAsync("/api/auth/two-factor")).ReadAsync<TwoFactorItem>());

        await TwoFactorTests.SetUpAsync(admin, Password, api.Clock.GetUtcNow());
        Assert.Equal(Roles.Admin, (await (await admin.GetAsync("/api/auth/me")).ReadAsync<SignedInUser>()).Role);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/api/users")).StatusCode);
        // It knew the password and no more.
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.GetAsync("/api/users")).StatusCode);
    }

    [PostgresFact]
    public async Task Whoever_asks_whose_session_it_is_lets_nobody_in_by_the_status_and_no_role_of_Grafanas_is_said()
    {
        using var admin = await api.SignedInAsync(await PersonAsync(Roles.Admin), Password);
        using var check = await admin.GetAsync("/api/auth/check");
        Assert.Equal(HttpStatusCode.Forbidden, check.StatusCode);
        Assert.Equal([Roles.AdminWithoutTwoFactor], check.Headers.GetValues("X-Webauth-Role"));
        Assert.False(check.Headers.Contains("X-Webauth-Grafana-Role"));

        await TwoFactorTests.SetUpAsync(admin, Password, api.Clock.GetUtcNow());
        using var after = await admin.GetAsync("/api/auth/check");
        Assert.Equal((HttpStatusCode.NoContent, "Editor"), (after.StatusCode, after.Headers.GetValues("X-Webauth-Grafana-Role").Single()));
    }

    [PostgresFact]
    public async Task The_password_can_be_changed_before_and_leaves_all_else_closed()
    {
        using var admin = await api.SignedInAsync(await PersonAsync(Roles.Admin), Password);
        using var changed = await admin.PostAsJsonAsync("/api/auth/password", new PasswordChangeRequest(Password, "Battery-staple-8"));
        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        using var users = await admin.GetAsync("/api/users");
        await users.ProblemAsync(HttpStatusCode.Forbidden, "two-factor-setup");
    }

    [PostgresFact]
    public async Task An_admin_cannot_switch_it_off_and_another_one_who_takes_it_closes_the_session_to_all_else()
    {
        var email = await PersonAsync(Roles.Admin);
        using var admin = await api.SignedInAsync(email, Password);
        await TwoFactorTests.SetUpAsync(admin, Password, api.Clock.GetUtcNow());
        using (var off = await admin.PostAsJsonAsync("/api/auth/two-factor/off", new TwoFactorRequest(Password))) await off.ProblemAsync(HttpStatusCode.Conflict, "two-factor-needed");
        var me = await (await admin.GetAsync("/api/auth/me")).ReadAsync<SignedInUser>();
        using (var own = await admin.DeleteAsync($"/api/users/{me.Id}/two-factor")) await own.ProblemAsync(HttpStatusCode.Conflict, "two-factor-needed");
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/api/users")).StatusCode);

        using var other = await api.SignedInAsync(await PersonAsync(Roles.Admin), Password);
        await TwoFactorTests.SetUpAsync(other, Password, api.Clock.GetUtcNow());
        Assert.Equal(HttpStatusCode.NoContent, (await other.DeleteAsync($"/api/users/{me.Id}/two-factor")).StatusCode);
        using var closed = await admin.GetAsync("/api/users");
        await closed.ProblemAsync(HttpStatusCode.Forbidden, "two-factor-setup");
    }

    [PostgresFact]
    public async Task A_viewer_needs_none_and_needs_it_from_the_next_request_on_when_made_an_admin()
    {
        var email = await PersonAsync(Roles.Viewer);
        using var person = await api.SignedInAsync(email, Password);
        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync("/api/sites")).StatusCode);
        using (var refused = await person.GetAsync("/api/users")) await refused.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");

        await WithUserAsync(email, async (users, user) =>
        {
            await users.RemoveFromRoleAsync(user, Roles.Viewer);
            await users.AddToRoleAsync(user, Roles.Admin);
        });
        foreach (var path in (string[])["/api/sites", "/api/users"])
        {
            using var closed = await person.GetAsync(path);
            await closed.ProblemAsync(HttpStatusCode.Forbidden, "two-factor-setup");
        }
    }

    [PostgresFact]
    public async Task A_viewer_may_switch_it_off_as_before()
    {
        using var viewer = await api.SignedInAsync(await PersonAsync(Roles.Viewer), Password);
        await TwoFactorTests.SetUpAsync(viewer, Password, api.Clock.GetUtcNow());
        Assert.Equal(new TwoFactorItem(true, 10), await (await viewer.GetAsync("/api/auth/two-factor")).ReadAsync<TwoFactorItem>());
        Assert.Equal(HttpStatusCode.OK, (await viewer.PostAsJsonAsync("/api/auth/two-factor/off", new TwoFactorRequest(Password))).StatusCode);
    }

    [PostgresFact]
    public async Task An_account_without_a_password_signs_in_at_its_provider_and_is_exempt()
    {
        var email = await PersonAsync(Roles.Admin);
        using var admin = await api.SignedInAsync(email, Password);
        await WithUserAsync(email, (users, user) => users.RemovePasswordAsync(user));
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/api/users")).StatusCode);
        Assert.Equal(new TwoFactorItem(false, 0, HasPassword: false), await (await admin.GetAsync("/api/auth/two-factor")).ReadAsync<TwoFactorItem>());
    }

    private static bool IsOwn(ApiRoute route) => Own.Any(path => route.Path.StartsWith(path, StringComparison.Ordinal));

    // Not by the API: its first admin is one who has to set it up.
    private async Task<string> PersonAsync(string role)
    {
        var email = $"strict{Interlocked.Increment(ref people)}@portal.local";
        await using var scope = api.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var user = new PortalUser { UserName = email, Email = email, EmailConfirmed = true, CreatedAt = api.Clock.GetUtcNow() };
        Assert.True((await users.CreateAsync(user, Password)).Succeeded);
        Assert.True((await users.AddToRoleAsync(user, role)).Succeeded);
        return email;
    }

    private async Task WithUserAsync(string email, Func<UserManager<PortalUser>, PortalUser, Task> change)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        await change(users, (await users.FindByNameAsync(email))!);
    }
}
