using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Data;
using Portal.Testing;

namespace Portal.Api.Tests;

/// <summary>A class of its own, since it moves the clock by days.</summary>
public sealed class SessionExpiryTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task A_session_that_is_used_goes_on_and_an_idle_one_ends()
    {
        using var used = await api.AdminAsync();
        using var idle = await api.AdminAsync();
        for (var hours = 0; hours < 24; hours += 8)
        {
            api.Clock.Advance(TimeSpan.FromHours(8));
            Assert.Equal(HttpStatusCode.OK, await MeAsync(used));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(idle));
    }

    [PostgresFact]
    public async Task No_use_keeps_a_session_beyond_its_lifetime()
    {
        using var client = await api.AdminAsync();
        for (var hours = 0; hours < 7 * 24 - 6; hours += 6)
        {
            api.Clock.Advance(TimeSpan.FromHours(6));
            Assert.Equal(HttpStatusCode.OK, await MeAsync(client));
        }

        api.Clock.Advance(TimeSpan.FromHours(6));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(client));
    }

    [PostgresFact]
    public async Task Sessions_of_an_account_are_bounded_and_expired_ones_are_swept()
    {
        const int bound = 100;
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        using var first = await api.SignedInAsync(email, password);
        var me = Guid.Parse((await (await first.GetAsync("/api/auth/me")).ReadAsync<SignedInUser>()).Id);
        for (var i = 0; i < bound; i++)
        {
            api.Clock.Advance(TimeSpan.FromSeconds(1));
            using var client = await api.SignedInAsync(email, password);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(first));
        Assert.Equal(bound, await CountAsync(me));

        api.Clock.Advance(TimeSpan.FromDays(1));
        using var admin = await api.AdminAsync();
        Assert.Equal(0, await CountAsync(me));
    }

    private async Task<int> CountAsync(Guid user)
    {
        await using var scope = api.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Sessions.CountAsync(session => session.UserId == user);
    }

    private static async Task<HttpStatusCode> MeAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/auth/me");
        return answer.StatusCode;
    }
}
