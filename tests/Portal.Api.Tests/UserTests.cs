using System.Net;
using System.Net.Http.Json;
using Portal.Contracts;
using Portal.Contracts.Audit;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class UserTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task An_account_is_created_listed_changed_and_deleted()
    {
        using var admin = await api.AdminAsync();
        using var created = await admin.PostAsJsonAsync("/api/users", new UserCreateRequest("o'brien+meters@portal.local", "Correct-horse-7", Roles.Viewer));
        var user = await created.ReadAsync<UserItem>(HttpStatusCode.Created);
        Assert.Equal($"/api/users/{user.Id}", created.Headers.Location?.ToString());
        Assert.Equal(("o'brien+meters@portal.local", Roles.Viewer, true), (user.Email, user.Role, user.Active));

        var list = await (await admin.GetAsync("/api/users")).ReadAsync<Page<UserItem>>();
        Assert.Contains(list.Items, item => item.Id == user.Id);

        using var updated = await admin.PutAsJsonAsync($"/api/users/{user.Id}", new UserUpdateRequest(Roles.Admin, Active: false));
        var changed = await updated.ReadAsync<UserItem>();
        Assert.Equal((Roles.Admin, false), (changed.Role, changed.Active));

        using var deleted = await admin.DeleteAsync(new Uri($"/api/users/{user.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await admin.GetAsync($"/api/users/{user.Id}");
        await gone.ProblemAsync(HttpStatusCode.NotFound, "not-found");

        var audit = await (await admin.GetAsync("/api/audit?limit=3")).ReadAsync<Page<AuditItem>>();
        Assert.Equal(["user.deleted", "user.updated", "user.created"], audit.Items.Select(entry => entry.Action));
        Assert.All(audit.Items, entry => Assert.Equal((ApiHost.AdminEmail, user.Email), (entry.Actor, entry.Subject)));
    }

    [PostgresFact]
    public async Task An_email_is_taken_in_any_case()
    {
        var (email, _) = await api.NewUserAsync(Roles.Viewer);
        using var admin = await api.AdminAsync();
        using var again = await admin.PostAsJsonAsync("/api/users", new UserCreateRequest(email.ToUpperInvariant(), "Correct-horse-7", Roles.Viewer));
        var problem = await again.ProblemAsync(HttpStatusCode.Conflict, "taken");
        Assert.True(problem.GetProperty("errors").TryGetProperty("email", out _));
    }

    [PostgresTheory]
    [InlineData("not-an-email", "Correct-horse-7", "Viewer", "email")]
    [InlineData("ü@portal.local", "Correct-horse-7", "Viewer", "email")]
    [InlineData("a@portal.local", "short", "Viewer", "password")]
    [InlineData("a@portal.local", "aaaaaaaaaaaa", "Viewer", "password")]
    [InlineData("somebody.long@portal.local", "Somebody.long", "Viewer", "password")]
    [InlineData("a@portal.local", "Correct-horse-7", "Owner", "role")]
    public async Task What_is_wrong_with_a_new_account_names_its_field(string email, string password, string role, string field)
    {
        using var admin = await api.AdminAsync();
        using var answer = await admin.PostAsJsonAsync("/api/users", new UserCreateRequest(email, password, role));
        await answer.InvalidAsync(field);
    }

    [PostgresFact]
    public async Task Accounts_are_listed_page_by_page_without_repeating_or_skipping_one_while_others_come()
    {
        for (var i = 0; i < 5; i++) await api.NewUserAsync(Roles.Viewer);
        using var admin = await api.AdminAsync();
        var before = (await (await admin.GetAsync("/api/users")).ReadAsync<Page<UserItem>>()).Items.Select(user => user.Email).ToList();

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await (await admin.GetAsync($"/api/users?limit=2&cursor={cursor}")).ReadAsync<Page<UserItem>>();
            Assert.True(page.Items.Count <= 2);
            Assert.NotEmpty(page.Items);
            seen.AddRange(page.Items.Select(user => user.Email));
            Assert.True(seen.Count < 200, "The pages never end.");
            cursor = page.Next;
            await admin.PostAsJsonAsync("/api/users", new UserCreateRequest($"aaa{seen.Count}@portal.local", "Correct-horse-7", Roles.Viewer));
        } while (cursor is not null);

        Assert.Equal(seen.Distinct(), seen);
        Assert.Empty(before.Except(seen));
    }
}

/// <summary>A class of its own: it counts on who else is an admin.</summary>
public sealed class LastAdminTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task The_last_active_admin_can_neither_be_demoted_nor_disabled_nor_deleted()
    {
        using var admin = await api.AdminAsync();
        var me = await (await admin.GetAsync("/api/auth/me")).ReadAsync<SignedInUser>();
        // An admin who is switched off doesn't help.
        var (asleep, _) = await api.NewUserAsync(Roles.Admin);
        var other = (await (await admin.GetAsync("/api/users")).ReadAsync<Page<UserItem>>()).Items.Single(user => user.Email == asleep);
        await admin.PutAsJsonAsync($"/api/users/{other.Id}", new UserUpdateRequest(Roles.Admin, Active: false));

        using var demoted = await admin.PutAsJsonAsync($"/api/users/{me.Id}", new UserUpdateRequest(Roles.Viewer, Active: true));
        await demoted.ProblemAsync(HttpStatusCode.Conflict, "last-admin");
        using var disabled = await admin.PutAsJsonAsync($"/api/users/{me.Id}", new UserUpdateRequest(Roles.Admin, Active: false));
        await disabled.ProblemAsync(HttpStatusCode.Conflict, "last-admin");
        using var deleted = await admin.DeleteAsync(new Uri($"/api/users/{me.Id}", UriKind.Relative));
        await deleted.ProblemAsync(HttpStatusCode.Conflict, "last-admin");

        await admin.PutAsJsonAsync($"/api/users/{other.Id}", new UserUpdateRequest(Roles.Admin, Active: true));
        using var gone = await admin.DeleteAsync(new Uri($"/api/users/{other.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
    }

    [PostgresFact]
    public async Task Admins_who_remove_each_other_at_the_same_moment_leave_one()
    {
        for (var round = 0; round < 10; round++)
        {
            using var first = await api.AdminAsync();
            var (email, password) = await api.NewUserAsync(Roles.Admin);
            using var second = await api.SignedInAsync(email, password);
            var one = await (await first.GetAsync("/api/auth/me")).ReadAsync<SignedInUser>();
            var two = await (await second.GetAsync("/api/auth/me")).ReadAsync<SignedInUser>();

            var answers = await Task.WhenAll(
                first.PutAsJsonAsync($"/api/users/{two.Id}", new UserUpdateRequest(Roles.Viewer, Active: true)),
                second.PutAsJsonAsync($"/api/users/{one.Id}", new UserUpdateRequest(Roles.Viewer, Active: true)));
            // The slower one lost its role meanwhile (403), or finds the other one to be the last (409).
            Assert.Single(answers, answer => answer.IsSuccessStatusCode);
            Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.Forbidden);

            // Back to the first one for the next round.
            if (answers[1].IsSuccessStatusCode)
                Assert.True((await second.PutAsJsonAsync($"/api/users/{one.Id}", new UserUpdateRequest(Roles.Admin, Active: true))).IsSuccessStatusCode);
            Assert.True((await first.DeleteAsync(new Uri($"/api/users/{two.Id}", UriKind.Relative))).IsSuccessStatusCode);
        }
    }
}
