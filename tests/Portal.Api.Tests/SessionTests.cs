using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Data;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class SessionTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task Logging_out_ends_the_session_and_not_only_the_cookie()
    {
        using var client = api.BareClient();
        var cookie = await SignInAsync(client, ApiHost.AdminEmail, ApiHost.AdminPassword);
        Assert.Equal(HttpStatusCode.OK, await MeAsync(client, cookie));

        using var logout = new HttpRequestMessage(HttpMethod.Post, "/api/auth/logout") { Headers = { { "Cookie", cookie } } };
        using var answer = await client.SendAsync(logout);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("expires=Thu, 01 Jan 1970", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(client, cookie));
    }

    [PostgresFact]
    public async Task Changing_the_password_ends_every_session_and_starts_a_fresh_one()
    {
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        using var bare = api.BareClient();
        var elsewhere = await SignInAsync(bare, email, password);
        var here = await SignInAsync(bare, email, password);

        using var change = new HttpRequestMessage(HttpMethod.Post, "/api/auth/password")
        {
            Content = JsonContent.Create(new PasswordChangeRequest(password, "Another-horse-8")),
            Headers = { { "Cookie", here } },
        };
        using var answer = await bare.SendAsync(change);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(bare, elsewhere));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(bare, here));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(bare, answer.SessionCookie()));
        using var old = await bare.PostAsJsonAsync("/api/auth/login", new LoginRequest(email, password));
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        await SignInAsync(bare, email, "Another-horse-8");
    }

    [PostgresFact]
    public async Task A_sign_in_under_way_while_its_account_is_changed_starts_no_session()
    {
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        await using var scope = api.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        await using var change = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlAsync($"""SELECT 1 FROM identity."Users" WHERE "Email" = {email} FOR UPDATE""");

        using var client = api.BareClient();
        var login = client.PostAsJsonAsync("/api/auth/login", new LoginRequest(email, password));
        await Until.TrueAsync(IsWaitingAsync, "the sign-in has checked the password and waits for the account's row");
        await db.Users.Where(user => user.Email == email).ExecuteUpdateAsync(user => user.SetProperty(u => u.SecurityStamp, "changed"));
        await change.CommitAsync();

        using var answer = await login;
        await answer.ProblemAsync(HttpStatusCode.Unauthorized, "invalid-credentials");
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        await SignInAsync(client, email, password);

        async Task<bool> IsWaitingAsync()
        {
            await using var other = api.Services.CreateAsyncScope();
            return await other.ServiceProvider.GetRequiredService<PortalDbContext>().Database.SqlQuery<int>(
                $"""SELECT count(*)::int AS "Value" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'SELECT 1 FROM identity.%'""").SingleAsync() > 0;
        }
    }

    [PostgresFact]
    public async Task A_wrong_current_password_changes_nothing_and_names_the_field()
    {
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        using var client = await api.SignedInAsync(email, password);
        using var answer = await client.PostAsJsonAsync("/api/auth/password", new PasswordChangeRequest("not-this-one", "Another-horse-8"));
        await answer.InvalidAsync("currentPassword");
        using var again = await client.GetAsync("/api/auth/me");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        using var weak = await client.PostAsJsonAsync("/api/auth/password", new PasswordChangeRequest(password, "aaaaaaaaaa"));
        await weak.InvalidAsync("newPassword");
    }

    [PostgresTheory]
    [InlineData("disable")]
    [InlineData("reset")]
    [InlineData("delete")]
    public async Task What_an_admin_does_to_an_account_ends_its_sessions_at_once(string change)
    {
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        using var client = await api.SignedInAsync(email, password);
        var me = await (await client.GetAsync("/api/auth/me")).ReadAsync<SignedInUser>();

        using var admin = await api.AdminAsync();
        using var done = change switch
        {
            "disable" => await admin.PutAsJsonAsync($"/api/users/{me.Id}", new UserUpdateRequest(Roles.Viewer, Active: false)),
            "reset" => await admin.PostAsJsonAsync($"/api/users/{me.Id}/password", new UserPasswordRequest("Fresh-horse-99")),
            _ => await admin.DeleteAsync(new Uri($"/api/users/{me.Id}", UriKind.Relative)),
        };
        Assert.True(done.IsSuccessStatusCode);

        using var after = await client.GetAsync("/api/auth/me");
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        using var again = await client.PostAsJsonAsync("/api/auth/login", new LoginRequest(email, password));
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    [PostgresFact]
    public async Task Another_role_acts_on_the_next_request_of_an_open_session()
    {
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        using var client = await api.SignedInAsync(email, password);
        var me = await (await client.GetAsync("/api/auth/me")).ReadAsync<SignedInUser>();
        using var admin = await api.AdminAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/users")).StatusCode);
        await admin.PutAsJsonAsync($"/api/users/{me.Id}", new UserUpdateRequest(Roles.Admin, Active: true));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/users")).StatusCode);
        await admin.PutAsJsonAsync($"/api/users/{me.Id}", new UserUpdateRequest(Roles.Viewer, Active: true));
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/users")).StatusCode);
    }

    [PostgresFact]
    public async Task Signing_in_over_an_open_session_takes_a_new_key_and_ends_the_old_one()
    {
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        using var client = api.BareClient();
        var planted = await SignInAsync(client, email, password);

        using var login = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login")
        {
            Content = JsonContent.Create(new LoginRequest(ApiHost.AdminEmail, ApiHost.AdminPassword)),
            Headers = { { "Cookie", planted } },
        };
        using var answer = await client.SendAsync(login);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotEqual(planted, answer.SessionCookie());
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(client, planted));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(client, answer.SessionCookie()));
    }

    [PostgresFact]
    public async Task A_cookie_that_was_tampered_with_or_made_up_signs_nobody_in()
    {
        using var client = api.BareClient();
        var cookie = await SignInAsync(client, ApiHost.AdminEmail, ApiHost.AdminPassword);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(client, cookie[..^4] + (cookie[^4] == 'A' ? "B" : "A") + cookie[^3..]));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(client, "portal-session=admin"));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(client, "portal-session="));
    }

    [PostgresFact]
    public async Task The_database_holds_no_key_that_opens_a_session()
    {
        using var client = api.BareClient();
        var cookie = (await SignInAsync(client, ApiHost.AdminEmail, ApiHost.AdminPassword)).Split('=')[1];
        await using var scope = api.Services.CreateAsyncScope();
        var sessions = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Sessions.AsNoTracking().ToListAsync();
        Assert.NotEmpty(sessions);
        Assert.All(sessions, session =>
        {
            Assert.Equal(32, session.Id.Length);
            Assert.DoesNotContain(cookie, System.Text.Encoding.Latin1.GetString(session.Ticket), StringComparison.Ordinal);
        });
    }

    private static async Task<string> SignInAsync(HttpClient client, string email, string password)
    {
        using var answer = await client.PostAsJsonAsync("/api/auth/login", new LoginRequest(email, password));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.SessionCookie();
    }

    private static async Task<HttpStatusCode> MeAsync(HttpClient client, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me") { Headers = { { "Cookie", cookie } } };
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
