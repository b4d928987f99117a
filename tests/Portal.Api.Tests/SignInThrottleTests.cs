using System.Net;
using System.Net.Http.Json;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Testing;

namespace Portal.Api.Tests;

/// <summary>A class of its own: failures of one address are counted together.</summary>
public sealed class SignInThrottleTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task The_fifth_failure_starts_a_pause_that_even_the_right_password_waits_for()
    {
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        using var client = api.BareClient();
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, email, "wrong")).StatusCode);

        using var paused = await LoginAsync(client, email, password);
        await paused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.Equal(TimeSpan.FromSeconds(30), paused.Headers.RetryAfter?.Delta);
        // Another person behind the same address is let in.
        using var admin = await LoginAsync(client, ApiHost.AdminEmail, ApiHost.AdminPassword);
        Assert.Equal(HttpStatusCode.OK, admin.StatusCode);

        api.Clock.Advance(TimeSpan.FromSeconds(30));
        using var right = await LoginAsync(client, email, password);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [PostgresFact]
    public async Task Each_further_failure_doubles_the_pause_up_to_a_quarter_of_an_hour()
    {
        var (email, _) = await api.NewUserAsync(Roles.Viewer);
        using var client = api.BareClient();
        for (var i = 0; i < 4; i++) await LoginAsync(client, email, "wrong");
        foreach (var seconds in (int[])[30, 60, 120, 240, 480, 900, 900])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, email, "wrong")).StatusCode);
            using var paused = await LoginAsync(client, email, "wrong");
            Assert.Equal(TimeSpan.FromSeconds(seconds), paused.Headers.RetryAfter?.Delta);
            api.Clock.Advance(TimeSpan.FromSeconds(seconds));
        }
    }

    [PostgresFact]
    public async Task An_account_that_does_not_exist_is_paused_like_any_other()
    {
        using var client = api.BareClient();
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, "ghost@portal.local", "wrong")).StatusCode);
        using var paused = await LoginAsync(client, "Ghost@portal.local", "wrong");
        await paused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
    }

    [PostgresFact]
    public async Task Successes_do_not_count_and_clear_ones_own_typing_errors()
    {
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        using var client = api.BareClient();
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 4; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, email, "wrong")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, email, password)).StatusCode);
        }

        for (var i = 0; i < 30; i++) Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, email, password)).StatusCode);
    }

    [PostgresFact]
    public async Task Guesses_at_the_same_moment_do_not_slip_past_the_count()
    {
        var (email, _) = await api.NewUserAsync(Roles.Viewer);
        using var client = api.BareClient();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => LoginAsync(client, email, "wrong")));
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(35, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [PostgresFact]
    public async Task Guesses_spread_over_many_addresses_are_counted_by_account()
    {
        var (email, _) = await api.NewUserAsync(Roles.Viewer);
        using var client = api.BareClient();
        for (var i = 0; i < 50; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, email, "wrong", $"203.0.113.{i}")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await LoginAsync(client, email, "wrong", "203.0.113.200")).StatusCode);
    }

    [PostgresFact]
    public async Task One_guess_at_many_accounts_is_counted_by_address_and_an_ipv6_network_is_one()
    {
        using var client = api.BareClient();
        for (var i = 0; i < 100; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, $"guess{i}@portal.local", "wrong", $"2001:db8:1:2::{i:x}")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await LoginAsync(client, ApiHost.AdminEmail, ApiHost.AdminPassword, "2001:db8:1:2:ffff::1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, ApiHost.AdminEmail, ApiHost.AdminPassword, "2001:db8:1:3::1")).StatusCode);
    }

    private static Task<HttpResponseMessage> LoginAsync(HttpClient client, string email, string password, string? address = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login") { Content = JsonContent.Create(new LoginRequest(email, password)) };
        if (address is not null) request.Headers.Add("X-Forwarded-For", address);
        return client.SendAsync(request);
    }
}
