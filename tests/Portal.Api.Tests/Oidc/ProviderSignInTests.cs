using System.Net;
using System.Net.Http.Json;
using Portal.Contracts;
using Portal.Contracts.Audit;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Testing;
using static Portal.Api.Tests.Oidc.StackWithProvider;

namespace Portal.Api.Tests.Oidc;

/// <summary>Who comes in by a real provider, as what, and whose account they get.</summary>
public sealed class ProviderSignInTests(StackWithProvider stack) : IClassFixture<StackWithProvider>
{
    [PostgresFact]
    public async Task Somebody_with_a_role_at_the_provider_gets_an_account_a_session_and_the_page_asked_for()
    {
        var person = Somebody(Viewers, "staff");
        using var browser = stack.Api.Client();
        using var answer = await stack.SignInAsync(browser, person, "/sites?x=1");

        Assert.Equal("/sites?x=1", answer.Headers.Location!.ToString());
        var me = await (await browser.GetAsync("/api/auth/me")).ReadAsync<SignedInUser>();
        Assert.Equal((person.Email, Roles.Viewer), (me.Email, me.Role));
        using var check = await browser.GetAsync("/api/auth/check");
        Assert.Equal([person.Email!], check.Headers.GetValues("X-Webauth-User"));

        var account = await stack.AccountAsync(person.Email!);
        Assert.True(account is { Connected: true, HasPassword: false, Active: true });
        var created = Assert.Single(await AuditAsync(person.Email!));
        Assert.Equal(("system", "user.created"), (created.Actor, created.Action));
        Assert.Equal("OpenID Connect", created.Details.GetProperty("by").GetString());
        Assert.Contains(stack.Api.Log.All, line => line == $"Signed in {person.Email} from 127.0.0.1 by OpenID Connect");

        var (again, same) = await stack.SignedInAsync(person);
        again.Dispose();
        Assert.Equal(me.Id, same.Id);
    }

    [PostgresFact]
    public async Task What_the_id_token_lacks_is_taken_from_the_userinfo_endpoint()
    {
        var (browser, me) = await stack.SignedInAsync(Somebody(Admins) with { Thin = true });
        browser.Dispose();
        Assert.Equal(Roles.Admin, me.Role);

        using var unverified = stack.Api.Client();
        using var answer = await stack.SignInAsync(unverified, Somebody(Admins) with { Thin = true, Verified = false });
        await RefusedAsync(unverified, answer, ProviderRefusals.EmailUnverified);
    }

    [PostgresFact]
    public async Task Another_role_at_the_provider_acts_at_the_next_sign_in_and_on_open_sessions_too()
    {
        var person = Somebody(Viewers);
        var (first, me) = await stack.SignedInAsync(person);
        Assert.Equal(HttpStatusCode.Forbidden, (await first.GetAsync("/api/users")).StatusCode);

        var (second, raised) = await stack.SignedInAsync(person with { Roles = [Viewers, Admins] });
        Assert.Equal((me.Id, Roles.Admin), (raised.Id, raised.Role));
        Assert.Equal(HttpStatusCode.OK, (await first.GetAsync("/api/users")).StatusCode);

        var (third, lowered) = await stack.SignedInAsync(person);
        Assert.Equal(Roles.Viewer, lowered.Role);
        Assert.Equal(HttpStatusCode.Forbidden, (await second.GetAsync("/api/users")).StatusCode);
        Assert.Equal(["user.created", "user.updated", "user.updated"], (await AuditAsync(person.Email!)).Select(entry => entry.Action));

        using var none = stack.Api.Client();
        using var answer = await stack.SignInAsync(none, person with { Roles = ["staff"] });
        await RefusedAsync(none, answer, ProviderRefusals.NoRole);
        foreach (var browser in (HttpClient[])[first, second, third]) browser.Dispose();
    }

    [PostgresTheory]
    [InlineData(true, "a@contoso.example", ProviderRefusals.NoRole)]
    [InlineData(true, null, ProviderRefusals.NoEmail, Viewers)]
    [InlineData(true, "jürgen@contoso.example", ProviderRefusals.NoEmail, Viewers)]
    [InlineData(false, "b@contoso.example", ProviderRefusals.EmailUnverified, Viewers)]
    [InlineData(null, "c@contoso.example", ProviderRefusals.EmailUnverified, Admins)]
    public async Task Who_has_no_role_or_no_verified_address_is_refused_and_leaves_no_account(bool? verified, string? email, string reason, params string[] groups)
    {
        var person = Somebody(groups) with { Email = email, Verified = verified };
        using var browser = stack.Api.Client();
        using var answer = await stack.SignInAsync(browser, person, "/sites");
        await RefusedAsync(browser, answer, reason);
        Assert.EndsWith("&returnUrl=%2Fsites", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        if (email is not null) Assert.Null(await stack.AccountAsync(email));
    }

    [PostgresFact]
    public async Task An_account_with_a_password_is_nobodys_who_has_its_address_at_the_provider()
    {
        var (email, password) = await stack.Api.NewUserAsync(Roles.Viewer);
        using var intruder = stack.Api.Client();
        using var answer = await stack.SignInAsync(intruder, Somebody(Admins) with { Email = email.ToUpperInvariant() });
        await RefusedAsync(intruder, answer, ProviderRefusals.PasswordAccount);

        Assert.False((await stack.AccountAsync(email))!.Connected);
        using var owner = await stack.Api.SignedInAsync(email, password);
    }

    [PostgresFact]
    public async Task An_account_that_waits_is_connected_with_the_first_who_has_its_verified_address_and_with_no_other()
    {
        var person = Somebody(Viewers);
        using var admin = await stack.Api.AdminAsync();
        var waiting = await (await admin.PostAsJsonAsync("/api/users", new UserCreateRequest(person.Email!, null, Roles.Viewer))).ReadAsync<UserItem>(HttpStatusCode.Created);
        var link = await (await admin.PostAsync($"/api/users/{waiting.Id}/link", null)).ReadAsync<AccountLinkItem>();

        using var unverified = stack.Api.Client();
        using var refused = await stack.SignInAsync(unverified, Somebody(Viewers) with { Email = person.Email, Verified = false });
        await RefusedAsync(unverified, refused, ProviderRefusals.EmailUnverified);

        var (browser, me) = await stack.SignedInAsync(person);
        Assert.Equal(waiting.Id, me.Id);
        Assert.Contains(await AuditAsync(person.Email!), entry => entry.Action == "user.connected");
        // A link that is still about gives nobody a second way in.
        using var late = await admin.PostAsJsonAsync("/api/auth/link", new AccountLinkRequest(link.Link.Split('#')[1], "Another-horse-8"));
        await late.InvalidAsync("secret");

        using var other = stack.Api.Client();
        using var answer = await stack.SignInAsync(other, Somebody(Viewers) with { Email = person.Email });
        await RefusedAsync(other, answer, ProviderRefusals.OtherIdentity);
        // The identity is the subject: its address may change.
        var (renamed, same) = await stack.SignedInAsync(person with { Email = "married@contoso.example" });
        Assert.Equal((me.Id, person.Email), (same.Id, same.Email));
        browser.Dispose();
        renamed.Dispose();
    }

    [PostgresFact]
    public async Task An_admin_sends_an_account_to_the_provider_which_takes_its_password_and_whom_it_was_connected_with()
    {
        var person = Somebody(Viewers);
        using var admin = await stack.Api.AdminAsync();
        var account = await (await admin.PostAsJsonAsync("/api/users", new UserCreateRequest(person.Email!, "Correct-horse-7", Roles.Viewer))).ReadAsync<UserItem>(HttpStatusCode.Created);
        using var before = await stack.Api.SignedInAsync(person.Email!, "Correct-horse-7");

        using var sent = await admin.PostAsync($"/api/users/{account.Id}/oidc", null);
        Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await before.GetAsync("/api/auth/me")).StatusCode);
        using var old = await before.PostAsJsonAsync("/api/auth/login", new LoginRequest(person.Email!, "Correct-horse-7"));
        await old.ProblemAsync(HttpStatusCode.Unauthorized, ProblemKinds.InvalidCredentials);
        var (browser, me) = await stack.SignedInAsync(person);
        Assert.Equal(account.Id, me.Id);

        // Somebody whose identity at the provider was made anew.
        Assert.Equal(HttpStatusCode.NoContent, (await admin.PostAsync($"/api/users/{account.Id}/oidc", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/auth/me")).StatusCode);
        var (anew, same) = await stack.SignedInAsync(Somebody(Viewers) with { Email = person.Email });
        Assert.Equal(account.Id, same.Id);
        browser.Dispose();
        anew.Dispose();
    }

    [PostgresFact]
    public async Task The_last_admin_with_a_password_is_neither_sent_to_the_provider_nor_left_to_those_it_makes_admins()
    {
        var (browser, _) = await stack.SignedInAsync(Somebody(Admins));
        var first = (await stack.AccountAsync(ApiHost.AdminEmail))!;
        using var sent = await browser.PostAsync($"/api/users/{first.Id}/oidc", null);
        await sent.ProblemAsync(HttpStatusCode.Conflict, ProblemKinds.LastAdmin);
        using var demoted = await browser.PutAsJsonAsync($"/api/users/{first.Id}", new UserUpdateRequest(Roles.Viewer, Active: true));
        await demoted.ProblemAsync(HttpStatusCode.Conflict, ProblemKinds.LastAdmin);
        using var deleted = await browser.DeleteAsync(new Uri($"/api/users/{first.Id}", UriKind.Relative));
        await deleted.ProblemAsync(HttpStatusCode.Conflict, ProblemKinds.LastAdmin);
        browser.Dispose();
    }

    [PostgresFact]
    public async Task The_provider_makes_no_viewer_of_the_last_admin_with_a_password_until_there_is_another()
    {
        await using var disposing = new Disposing(await StackWithProvider.StartAsync());
        var own = disposing.Stack;
        var first = (await own.AccountAsync(ApiHost.AdminEmail))!;
        var person = Somebody(Admins);
        var (before, me) = await own.SignedInAsync(person);
        Assert.Equal(HttpStatusCode.NoContent, (await before.PostAsJsonAsync($"/api/users/{me.Id}/password", new UserPasswordRequest("Correct-horse-7"))).StatusCode);
        var (admin, _) = await own.SignedInAsync(person);
        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsJsonAsync($"/api/users/{first.Id}", new UserUpdateRequest(Roles.Admin, Active: false))).StatusCode);

        using var demoted = own.Api.Client();
        using var answer = await own.SignInAsync(demoted, person with { Roles = [Viewers] });
        await RefusedAsync(demoted, answer, ProviderRefusals.LastAdmin);
        Assert.Equal(Roles.Admin, (await (await admin.GetAsync($"/api/users/{me.Id}")).ReadAsync<UserItem>()).Role);

        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsJsonAsync($"/api/users/{first.Id}", new UserUpdateRequest(Roles.Admin, Active: true))).StatusCode);
        var (viewer, lowered) = await own.SignedInAsync(person with { Roles = [Viewers] });
        Assert.Equal(Roles.Viewer, lowered.Role);
        foreach (var browser in (HttpClient[])[before, admin, viewer]) browser.Dispose();
    }

    [PostgresFact]
    public async Task A_session_by_the_provider_ends_as_every_other_and_a_disabled_account_gets_none()
    {
        var person = Somebody(Viewers);
        var (browser, me) = await stack.SignedInAsync(person);
        Assert.Equal(HttpStatusCode.NoContent, (await browser.PostAsync("/api/auth/logout", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/auth/me")).StatusCode);

        var (open, _) = await stack.SignedInAsync(person);
        using var admin = await stack.Api.AdminAsync();
        await admin.PutAsJsonAsync($"/api/users/{me.Id}", new UserUpdateRequest(Roles.Viewer, Active: false));
        Assert.Equal(HttpStatusCode.Unauthorized, (await open.GetAsync("/api/auth/me")).StatusCode);
        using var answer = await stack.SignInAsync(open, person);
        await RefusedAsync(open, answer, ProviderRefusals.Disabled);
        browser.Dispose();
        open.Dispose();
    }

    [PostgresFact]
    public async Task Two_first_sign_ins_at_once_make_one_account()
    {
        var person = Somebody(Viewers);
        HttpClient[] browsers = [stack.Api.Client(), stack.Api.Client()];
        var back = new List<string>();
        foreach (var browser in browsers) back.Add(await stack.ReturnAsync(browser, person));
        var answers = await Task.WhenAll(browsers.Zip(back, (browser, path) => browser.GetAsync(path)));
        Assert.All(answers, answer => Assert.Equal("/", answer.Headers.Location!.ToString()));
        Assert.NotNull(await stack.AccountAsync(person.Email!));
        foreach (var browser in browsers) browser.Dispose();
    }

    private async Task<IReadOnlyList<AuditItem>> AuditAsync(string subject)
    {
        using var admin = await stack.Api.AdminAsync();
        return [.. (await (await admin.GetAsync("/api/audit?limit=1000")).ReadAsync<Page<AuditItem>>()).Items.Where(entry => entry.Subject == subject).Reverse()];
    }
}
