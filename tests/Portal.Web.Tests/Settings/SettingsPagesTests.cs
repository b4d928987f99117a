using System.Net;
using System.Text.Json;
using Bunit;
using Portal.Contracts.Audit;
using Portal.Contracts.Auth;
using Portal.Contracts.Fleet;
using Portal.Contracts.IngestKeys;
using Portal.Contracts.Users;
using Portal.Web.Settings;

namespace Portal.Web.Tests.Settings;

public sealed class SettingsPagesTests : CustomerPageContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 30, 0, TimeSpan.Zero);

    public SettingsPagesTests() => On("GET /api/users", new { items = new[] { new UserItem("1", "somebody@example.com", "Admin", true, false, Now), new UserItem("2", "other@example.com", "Viewer", true, true, null) } });

    [Fact]
    public void The_last_admin_stays_and_the_page_says_why()
    {
        On("PUT /api/users/1", new { title = "This is the last active admin.", detail = "Make another account an active Admin first, then repeat this." }, HttpStatusCode.Conflict);
        var page = Show<UsersPage>();
        Assert.Contains("you", page.FindAll("td.heads")[0].TextContent);

        Press(page, "Make Viewer");
        Assert.Empty(Sent);
        Assert.Contains("only another Admin can make you one again", page.WaitForElement(".mud-dialog").TextContent);
        page.Find(".mud-dialog .button.danger").Click();

        page.WaitForAssertion(() => Assert.Equal("This is the last active admin. Make another account an active Admin first, then repeat this.", page.Find(".form-errors p").TextContent));
        Assert.Equal("Viewer", Sent[0].Body.GetProperty("role").GetString());
    }

    [Fact]
    public void The_admin_toggle_changes_the_role_alone()
    {
        On("PUT /api/users/2", new UserItem("2", "other@example.com", "Admin", true, true, null));
        var page = Show<UsersPage>();

        Press(page, "Make Admin");

        page.WaitForAssertion(() => Assert.Equal("""{"role":"Admin","active":true}""", Assert.Single(Sent).Body.GetRawText()));
    }

    [Fact]
    public void A_new_user_gets_a_link_that_is_shown_once()
    {
        On("POST /api/users", new UserItem("3", "new@example.com", "Viewer", true, false, null, HasPassword: false), HttpStatusCode.Created);
        On("POST /api/users/3/link", new AccountLinkItem("/account/link#pal_secret", Now.AddDays(3)));
        var page = Show<UsersPage>();
        Press(page, "New user");
        page.WaitForElement("input[name=email]").Change("new@example.com");
        page.Find(".form-dialog form").Submit();

        page.WaitForAssertion(() => Assert.Equal("http://localhost/account/link#pal_secret", page.Find(".secret code").TextContent));
        Assert.Equal("""{"email":"new@example.com","password":null,"role":"Viewer"}""", Sent[0].Body.GetRawText());
        page.Find(".secret .button.primary").Click();
        Assert.DoesNotContain("pal_secret", Words(page));
    }

    [Fact]
    public void With_a_provider_the_page_says_who_signs_in_how_and_sends_accounts_there()
    {
        On("GET /api/auth/ways", new SignInWays("Contoso"));
        On("GET /api/users", new
        {
            items = new[]
            {
                new UserItem("1", "a@example.com", "Admin", true, false, Now),
                new UserItem("2", "b@example.com", "Viewer", true, false, null, HasPassword: false, Connected: true),
                new UserItem("3", "c@example.com", "Viewer", true, false, null, HasPassword: false),
                new UserItem("4", "d@example.com", "Viewer", true, false, null, Connected: true),
            },
        });
        On("POST /api/users/4/oidc", new { }, HttpStatusCode.NoContent);
        var page = Show<UsersPage>();
        Assert.Equal(["password", "Contoso", "—", "password, Contoso"], page.FindAll("tbody tr").Select(row => row.QuerySelectorAll("td")[3].TextContent.Trim()));
        Assert.Equal(["active", "active", "awaited", "active"], page.FindAll("tbody tr").Select(row => row.QuerySelectorAll("td")[2].TextContent.Trim()));

        page.FindAll("button").Last(button => button.TextContent == "Send to Contoso").Click();
        Assert.Empty(Sent);
        page.WaitForElement(".mud-dialog .button.danger").Click();
        page.WaitForAssertion(() => Assert.Single(Sent));
    }

    [Fact]
    public void A_new_user_who_signs_in_at_the_provider_gets_neither_password_nor_link()
    {
        On("GET /api/auth/ways", new SignInWays("Contoso"));
        On("POST /api/users", new UserItem("3", "new@example.com", "Viewer", true, false, null, HasPassword: false), HttpStatusCode.Created);
        var page = Show<UsersPage>();
        Press(page, "New user");
        page.WaitForElement("input[name=email]").Change("new@example.com");
        page.Find(".form-dialog form").Submit();

        page.WaitForAssertion(() => Assert.Equal("""{"email":"new@example.com","password":null,"role":"Viewer"}""", Assert.Single(Sent).Body.GetRawText()));
        Assert.Empty(page.FindAll(".secret"));
    }

    [Fact]
    public void A_password_that_is_too_short_is_said_beside_its_field()
    {
        Refuse("POST /api/users", "password", "Must have at least 8 characters.");
        var page = Show<UsersPage>();
        Press(page, "New user");
        page.WaitForElement("input[name=email]").Change("new@example.com");
        page.Find("select[name=wayIn]").Change("password");

        page.Find(".form-dialog form").Submit();

        page.WaitForAssertion(() => Assert.Equal("Must have at least 8 characters.", page.Find(".field-error").TextContent));
        Assert.Equal("password", page.Find("[aria-invalid=true]").GetAttribute("name"));
    }

    [Fact]
    public void Disabling_asks_first_and_enabling_does_not()
    {
        On("PUT /api/users/2", new UserItem("2", "other@example.com", "Viewer", false, true, null));
        var page = Show<UsersPage>();

        page.FindAll("button").Last(button => button.TextContent == "Disable").Click();

        Assert.Empty(Sent);
        page.WaitForElement(".mud-dialog .button.danger").Click();
        page.WaitForAssertion(() => Assert.False(Assert.Single(Sent).Body.GetProperty("active").GetBoolean()));
    }

    [Fact]
    public void A_key_is_shown_once_until_it_is_kept()
    {
        On("GET /api/ingest-keys", new { items = new[] { new IngestKeyItem("k", "Old", "pik_old", Now, null, Now) } });
        On("POST /api/ingest-keys", new IngestKeyCreated("n", "New", "pik_secret", "pik_se", Now), HttpStatusCode.Created);
        var page = Show<KeysPage>();
        Assert.Equal("revoked", page.Find(".tag").TextContent);
        Press(page, "New key");
        page.WaitForElement("input[name=name]").Change("New");
        page.Find(".form-dialog form").Submit();

        page.WaitForAssertion(() => Assert.Contains("pik_secret", page.Find(".secret").TextContent));
        page.Find(".secret .button.primary").Click();
        Assert.DoesNotContain("pik_secret", Words(page));
    }

    [Fact]
    public void The_fleet_connection_says_when_it_is_paused_and_what_is_proven()
    {
        On("GET /api/fleet-push/status", new FleetPushStatus(true, "admin.example.com", true, Now.AddMinutes(-2), 90, 1_200, true, "The token was rotated.", Now, 0, new PushLedgerStatus(310, 0, 4, Now)));

        var page = Show<FleetConnectionPage>();

        Assert.Contains("Nothing is lost", page.Find("[role=alert]").TextContent);
        Assert.Equal("paused", page.Find(".tag").TextContent);
        Assert.Contains("1,200 readings", Words(page));
        Assert.Contains("310", Words(page));
    }

    [Fact]
    public void Without_a_fleet_it_says_so()
    {
        On("GET /api/fleet-push/status", new FleetPushStatus(false, null, false, null, null, 0, false, null, null, 0, null));

        Assert.Contains("Not connected", Words(Show<FleetConnectionPage>()));
    }

    [Fact]
    public void The_audit_trail_is_filtered_by_the_address_and_says_what_differs()
    {
        var change = JsonSerializer.SerializeToElement(new { before = new { name = "A" }, after = new { name = "B" } });
        On("GET /api/audit", new { items = new[] { new AuditItem("2", Now, "somebody@example.com", "site.updated", "B", change), new AuditItem("1", Now, "system", "user.seeded", "a@example.com", change) } });
        Assert.Contains("name: A → B", Words(Show<AuditPage>()));

        Navigation.NavigateTo("/settings/audit?q=seeded");
        Assert.Equal(["user seeded"], Show<AuditPage>().FindAll("td.heads b").Select(change => change.TextContent));
    }

    [Fact]
    public void The_audit_trail_names_things_as_people_do_and_finds_them_by_their_keys_too()
    {
        var moved = JsonSerializer.SerializeToElement(new
        {
            before = new { name = "Intake", serial = "AN1", site = "North", siteId = "01-n", model = (string?)null },
            after = new { name = "Intake", serial = "AN1", site = "South", siteId = "01-s", model = (string?)null },
            imported = true,
            id = 17,
        });
        var deleted = JsonSerializer.SerializeToElement(new { name = "Solar", site = "Gone", siteId = "01-g", id = 18, deletedRows = 5 });
        On("GET /api/audit", new { items = new[] { new AuditItem("2", Now, "a@example.com", "device.deleted", "AN2", deleted), new AuditItem("1", Now, "a@example.com", "device.updated", "AN1", moved) } });

        var page = Show<AuditPage>();
        Assert.Equal(["site: Gone, deleted rows: 5", "site: North → South, imported: yes"], page.FindAll("td.heads .muted").Select(told => told.TextContent));
        Assert.Equal(["Solar", "Intake"], page.FindAll("td:nth-child(2) .muted").Select(name => name.TextContent));
        Assert.DoesNotContain("01-", Words(page), StringComparison.Ordinal);

        Navigation.NavigateTo("/settings/audit?q=site id 01-s");
        Assert.Equal(["Intake"], Show<AuditPage>().FindAll("td:nth-child(2) .muted").Select(name => name.TextContent));
    }

    [Fact]
    public void A_list_that_is_longer_than_what_is_here_says_so_and_goes_on()
    {
        On("GET /api/audit", new { items = Enumerable.Range(0, 500).Select(i => new AuditItem($"{i}", Now, "a@example.com", "site.created", $"S{i}", JsonSerializer.SerializeToElement(new { }))), next = "x" });

        var page = Show<AuditPage>();
        Assert.Contains("500 are here, and there are more.", Words(page), StringComparison.Ordinal);
        Press(page, "Load more");
        page.WaitForAssertion(() => Assert.Contains("1,000 are here", Words(page), StringComparison.Ordinal));

        On("GET /api/audit", new { items = Array.Empty<AuditItem>(), next = (string?)null });
        Assert.DoesNotContain("there are more", Words(Show<AuditPage>()), StringComparison.Ordinal);
    }
}
