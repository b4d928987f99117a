using System.Net;
using System.Net.Http.Json;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class AccountLinkTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string Chosen = "Chosen-by-me-9";
    private static int people;

    [PostgresFact]
    public async Task Somebody_chooses_the_first_password_by_a_link_that_works_once()
    {
        using var admin = await api.AdminAsync();
        var user = await InviteAsync(admin);
        Assert.False(user.HasPassword);
        using var client = api.BareClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, user.Email, Chosen)).StatusCode);

        var secret = await LinkAsync(admin, user);
        var listed = await (await admin.GetAsync($"/api/users/{user.Id}")).ReadAsync<UserItem>();
        Assert.Equal(api.Clock.GetUtcNow().AddDays(3), listed.LinkExpiresAt!.Value, TimeSpan.FromMinutes(1));
        using (var weak = await client.PostAsJsonAsync("/api/auth/link", new AccountLinkRequest(secret, "aaaaaaaaaaaa"))) await weak.InvalidAsync("newPassword");
        Assert.Equal(HttpStatusCode.NoContent, (await UseAsync(client, secret)).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, user.Email, Chosen)).StatusCode);
        using (var again = await UseAsync(client, secret)) await again.InvalidAsync("secret");
        Assert.DoesNotContain(secret, string.Join(' ', api.Log.All), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Of_two_who_use_a_link_at_once_one_is_too_late()
    {
        using var admin = await api.AdminAsync();
        var secret = await LinkAsync(admin, await InviteAsync(admin));
        using var client = api.BareClient();
        var answers = await Task.WhenAll(UseAsync(client, secret), UseAsync(client, secret), UseAsync(client, secret));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
    }

    [PostgresFact]
    public async Task A_link_is_void_after_a_newer_one_a_reset_or_three_days_and_while_the_account_is_disabled()
    {
        using var admin = await api.AdminAsync();
        using var client = api.BareClient();
        var user = await InviteAsync(admin);
        var first = await LinkAsync(admin, user);
        var second = await LinkAsync(admin, user);
        using (var old = await UseAsync(client, first)) await old.InvalidAsync("secret");

        using (await admin.PutAsJsonAsync($"/api/users/{user.Id}", new UserUpdateRequest(Roles.Viewer, false)))
        using (var disabled = await UseAsync(client, second))
            await disabled.InvalidAsync("secret");
        using (var none = await admin.PostAsync($"/api/users/{user.Id}/link", null)) await none.ProblemAsync(HttpStatusCode.Conflict, "account-disabled");
        using (await admin.PutAsJsonAsync($"/api/users/{user.Id}", new UserUpdateRequest(Roles.Viewer, true)))
        using (var enabled = await UseAsync(client, second))
            await enabled.InvalidAsync("secret");

        var third = await LinkAsync(admin, user);
        using (await admin.PostAsJsonAsync($"/api/users/{user.Id}/password", new UserPasswordRequest("Set-by-admin-1")))
        using (var reset = await UseAsync(client, third))
            await reset.InvalidAsync("secret");

        var fourth = await LinkAsync(admin, user);
        api.Clock.Advance(TimeSpan.FromDays(3));
        using (var late = await UseAsync(client, fourth)) await late.InvalidAsync("secret");
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, user.Email, "Set-by-admin-1")).StatusCode);
    }

    [PostgresFact]
    public async Task A_used_link_ends_the_sessions_of_the_account_and_leaves_two_factor_alone()
    {
        using var admin = await api.AdminAsync();
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        using var open = await api.SignedInAsync(email, password);
        var users = await (await admin.GetAsync("/api/users")).ReadAsync<Portal.Contracts.Page<UserItem>>();
        var secret = await LinkAsync(admin, users.Items.Single(user => user.Email == email));
        Assert.Equal(HttpStatusCode.OK, (await open.GetAsync("/api/auth/me")).StatusCode);
        using var client = api.BareClient();
        Assert.Equal(HttpStatusCode.NoContent, (await UseAsync(client, secret)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await open.GetAsync("/api/auth/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, email, password)).StatusCode);
    }

    [PostgresTheory]
    [InlineData("nonsense")]
    [InlineData("pal_0000000000000000000000000000000000000000000000000")]
    [InlineData("pik_0000000000000000000000000000000000000000000000000")]
    public async Task What_is_no_link_opens_nothing(string secret)
    {
        using var client = api.BareClient();
        using var answer = await UseAsync(client, secret);
        await answer.InvalidAsync("secret");
    }

    private static async Task<UserItem> InviteAsync(HttpClient admin)
    {
        using var answer = await admin.PostAsJsonAsync("/api/users", new UserCreateRequest($"invited{Interlocked.Increment(ref people)}@portal.local", null, Roles.Viewer));
        return await answer.ReadAsync<UserItem>(HttpStatusCode.Created);
    }

    private static async Task<string> LinkAsync(HttpClient admin, UserItem user)
    {
        using var answer = await admin.PostAsync($"/api/users/{user.Id}/link", null);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        var link = (await answer.ReadAsync<AccountLinkItem>()).Link;
        Assert.StartsWith("/account/link#pal_", link, StringComparison.Ordinal);
        return link.Split('#')[1];
    }

    private static Task<HttpResponseMessage> UseAsync(HttpClient client, string secret) => client.PostAsJsonAsync("/api/auth/link", new AccountLinkRequest(secret, Chosen));

    private static Task<HttpResponseMessage> LoginAsync(HttpClient client, string email, string password) =>
        client.PostAsJsonAsync("/api/auth/login", new LoginRequest(email, password));
}
