using System.Net;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Catalogue;

public sealed class CatalogueTests(AggregatorApp app) : IClassFixture<AggregatorApp>
{
    [PostgresFact]
    public async Task Sites_and_devices_come_change_and_stay_the_same()
    {
        using var stack = await app.RegisterAsync();

        var sites = await stack.PushAsync("sites", """[{"externalId":"S1","name":" Plant ","timeZone":"Africa/Johannesburg"},{"externalId":"S2","name":"Depot","timeZone":"UTC"}]""");
        var devices = await stack.PushAsync(
            "devices",
            """[{"externalId":"AN1","siteExternalId":"S1","name":"Main","model":"Acuvim II","role":"main"},{"externalId":"AN2","siteExternalId":"S2","name":"PV","model":null,"role":"generation"}]"""
        );
        var again = await stack.PushAsync(
            "devices",
            """[{"externalId":"AN1","siteExternalId":"S2","name":"Main","model":"Acuvim II","role":"main"},{"externalId":"AN2","siteExternalId":"S2","name":"PV","role":"generation"}]"""
        );

        Assert.Equal((2, 0, 0), (sites.Accepted, sites.Duplicate, sites.Rejected));
        Assert.Equal((2, 0, 0), (devices.Accepted, devices.Duplicate, devices.Rejected));
        Assert.Equal((1, 1, 0), (again.Accepted, again.Duplicate, again.Rejected));
        Assert.Equal(
            "AN1:Depot:main:Acuvim II AN2:Depot:generation:-",
            await app.ScalarAsync<string>(
                """
                SELECT string_agg(concat(d."ExternalId", ':', s."Name", ':', d."Role", ':', coalesce(d."Model", '-')), ' ' ORDER BY d."ExternalId")
                  FROM fleet."Devices" d JOIN fleet."Sites" s ON s."CustomerId" = d."CustomerId" AND s."Id" = d."SiteId" WHERE d."CustomerId" = $1
                """,
                stack.Id
            )
        );
        Assert.Equal("Plant", await app.ScalarAsync<string>("""SELECT "Name" FROM fleet."Sites" WHERE "CustomerId" = $1 AND "ExternalId" = 'S1'""", stack.Id));
    }

    [PostgresFact]
    public async Task A_site_that_its_stack_deleted_goes_and_comes_back_where_it_is_pushed_again()
    {
        using var stack = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        const string both = """[{"externalId":"S1","name":"Plant","timeZone":"UTC"},{"externalId":"S2","name":"Depot","timeZone":"UTC"}]""";
        await stack.PushAsync("sites", both);
        await other.PushAsync("sites", both);
        await stack.PushAsync("devices", """[{"externalId":"AN1","siteExternalId":"S1","name":"Main"},{"externalId":"AN2","siteExternalId":"S2","name":"PV"},{"externalId":"OLD","siteExternalId":"S1","name":"Old"}]""");
        await stack.PushAsync("devices", """[{"externalId":"OLD","deleted":true}]""");

        const string gone = """[{"externalId":"S1","deleted":true},{"externalId":"S1","name":"Plant","timeZone":"UTC"},{"externalId":"never","deleted":true}]""";
        var answer = await stack.PushAsync("sites", gone);
        var again = await stack.PushAsync("sites", gone);

        Assert.Equal((1, 2, 0), (answer.Accepted, answer.Duplicate, answer.Rejected));
        Assert.Equal((0, 3, 0), (again.Accepted, again.Duplicate, again.Rejected));
        Assert.Equal(["S2"], await SitesAsync(stack.Id));
        Assert.Equal(["S1", "S2"], await SitesAsync(other.Id));
        Assert.Equal("AN1 AN2:Depot", await DevicesAsync(stack.Id));
        await stack.PushAsync("sites", both);
        await stack.PushAsync("devices", """[{"externalId":"AN1","siteExternalId":"S1","name":"Main"}]""");
        Assert.Equal("AN1:Plant AN2:Depot", await DevicesAsync(stack.Id));

        async Task<string[]> SitesAsync(int customer) => (await app.ScalarAsync<string[]>("""SELECT array_agg("ExternalId"::text ORDER BY "ExternalId") FROM fleet."Sites" WHERE "CustomerId" = $1""", customer))!;

        Task<string?> DevicesAsync(int customer) => app.ScalarAsync<string>(
            """
            SELECT string_agg(d."ExternalId" || coalesce(':' || s."Name", ''), ' ' ORDER BY d."ExternalId")
              FROM fleet."Devices" d LEFT JOIN fleet."Sites" s ON s."CustomerId" = d."CustomerId" AND s."Id" = d."SiteId" WHERE d."CustomerId" = $1 AND d."DeletedAt" IS NULL
            """,
            customer
        );
    }

    [PostgresTheory]
    [InlineData("sites", """{"externalId":"S","name":"","timeZone":"UTC"}""", "invalid-name")]
    [InlineData("sites", """{"externalId":"S","name":"two\nlines","timeZone":"UTC"}""", "invalid-name")]
    [InlineData("sites", """{"externalId":"S","name":"nul\u0000","timeZone":"UTC"}""", "invalid-name")]
    [InlineData("sites", """{"externalId":"S","name":"half \ud83d","timeZone":"UTC"}""", "invalid-row")]
    [InlineData("sites", """{"externalId":"S","timeZone":"UTC"}""", "invalid-name")]
    [InlineData("sites", """{"externalId":" ","name":"S","timeZone":"UTC"}""", "invalid-external-id")]
    [InlineData("sites", """{"name":"S","timeZone":"UTC"}""", "invalid-external-id")]
    [InlineData("sites", """{"externalId":"S","name":"S","timeZone":"Mars/Olympus"}""", "unknown-zone")]
    [InlineData("sites", """{"externalId":"S","name":"S","timeZone":"../../etc/passwd"}""", "unknown-zone")]
    [InlineData("sites", """{"externalId":"S","name":"S"}""", "unknown-zone")]
    [InlineData("sites", """{"externalId":"S","name":5,"timeZone":"UTC"}""", "invalid-row")]
    [InlineData("sites", "null", "invalid-row")]
    [InlineData("sites", "[]", "invalid-row")]
    [InlineData("devices", """{"externalId":"D","siteExternalId":"nowhere","name":"D"}""", "unknown-site")]
    [InlineData("devices", """{"externalId":"D","name":"D","role":"boss"}""", "invalid-role")]
    [InlineData("devices", """{"externalId":"D","name":"D","model":"a\tb"}""", "invalid-model")]
    [InlineData("devices", """{"externalId":"D\u0007","name":"D"}""", "invalid-external-id")]
    [InlineData("devices", """{"externalId":"D","name":null}""", "invalid-name")]
    [InlineData("devices", """{"externalId":"D","name":"D","deleted":"yes"}""", "invalid-row")]
    [InlineData("devices", "7", "invalid-row")]
    public async Task A_row_that_is_wrong_has_its_reason_and_sinks_no_other(string type, string row, string reason)
    {
        using var stack = await app.RegisterAsync();
        var good = type == "sites" ? """{"externalId":"OK","name":"Fine","timeZone":"UTC"}""" : """{"externalId":"OK","name":"Fine"}""";

        var answer = await stack.PushAsync(type, $"[{good},{row}]");

        Assert.Equal((1, 0, 1), (answer.Accepted, answer.Duplicate, answer.Rejected));
        var rejection = Assert.Single(answer.Rejections);
        Assert.Equal((1, reason), (rejection.Index, rejection.Reason));
        Assert.Equal(new Counts(2, 1, 0, 1), (await app.EventsAsync(stack.Id))[^1].Rows);
    }

    [PostgresFact]
    public async Task Names_too_long_for_their_columns_are_rejected()
    {
        using var stack = await app.RegisterAsync();
        var (name, key) = (new string('n', 201), new string('k', 65));

        var sites = await stack.PushAsync("sites", $$"""[{"externalId":"S","name":"{{name}}","timeZone":"UTC"},{"externalId":"{{key}}","name":"S","timeZone":"UTC"}]""");
        var devices = await stack.PushAsync("devices", $$"""[{"externalId":"D","name":"D","model":"{{name[..101]}}"},{"externalId":"{{key}}","deleted":true}]""");

        Assert.Equal(["invalid-name", "invalid-external-id"], sites.Rejections.Select(r => r.Reason));
        Assert.Equal(["invalid-model", "invalid-external-id"], devices.Rejections.Select(r => r.Reason));
    }

    [PostgresFact]
    public async Task Of_two_rows_with_one_key_the_first_counts()
    {
        using var stack = await app.RegisterAsync();

        var answer = await stack.PushAsync("devices", """[{"externalId":"D","name":"First"},{"externalId":" D ","name":"Second"},{"externalId":"D","deleted":true}]""");

        Assert.Equal((1, 2, 0), (answer.Accepted, answer.Duplicate, answer.Rejected));
        Assert.Equal("First", await app.ScalarAsync<string>("""SELECT "Name" FROM fleet."Devices" WHERE "CustomerId" = $1""", stack.Id));
    }

    [PostgresFact]
    public async Task A_tombstone_ends_a_device_and_pushing_it_again_revives_it_under_its_key()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("D1", "D2");
        var key = await app.ScalarAsync<int>("""SELECT "Id" FROM fleet."Devices" WHERE "CustomerId" = $1 AND "ExternalId" = 'D1'""", stack.Id);

        var ended = await stack.PushAsync("devices", """[{"externalId":"D1","deleted":true},{"externalId":"never-known","deleted":true}]""");
        var twice = await stack.PushAsync("devices", """[{"externalId":"D1","deleted":true}]""");
        Assert.Equal((1, 1, 0), (ended.Accepted, ended.Duplicate, ended.Rejected));
        Assert.Equal((0, 1, 0), (twice.Accepted, twice.Duplicate, twice.Rejected));
        Assert.Equal(1L, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."Devices" WHERE "CustomerId" = $1 AND "DeletedAt" IS NULL""", stack.Id));

        var revived = await stack.PushDevicesAsync("D1");
        Assert.Equal(1, revived.Accepted);
        Assert.Equal(key, await app.ScalarAsync<int>("""SELECT "Id" FROM fleet."Devices" WHERE "CustomerId" = $1 AND "ExternalId" = 'D1' AND "DeletedAt" IS NULL""", stack.Id));
    }

    [PostgresFact]
    public async Task Devices_of_one_serial_at_two_customers_have_nothing_to_do_with_each_other()
    {
        using var one = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        await one.PushDevicesAsync("SAME");
        await other.PushDevicesAsync("SAME");

        await one.PushAsync("devices", """[{"externalId":"SAME","deleted":true}]""");
        var rejected = await other.PushAsync("devices", """[{"externalId":"X","siteExternalId":"S1","name":"X"}]""");
        await one.PushAsync("sites", """[{"externalId":"S1","name":"Of one","timeZone":"UTC"}]""");
        var still = await other.PushAsync("devices", """[{"externalId":"X","siteExternalId":"S1","name":"X"}]""");

        Assert.Equal(1L, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."Devices" WHERE "ExternalId" = 'SAME' AND "DeletedAt" IS NULL AND "CustomerId" = $1""", other.Id));
        Assert.Equal((1, 1), (rejected.Rejected, still.Rejected));
    }

    [PostgresFact]
    public async Task Pushing_the_whole_catalogue_again_changes_nothing_and_uses_up_no_keys()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("K1", "K2", "K3");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(3, (await stack.PushDevicesAsync("K1", "K2", "K3")).Duplicate);
        }

        await stack.PushDevicesAsync("K4");
        Assert.Equal(
            3,
            await app.ScalarAsync<int>("""SELECT max("Id") - min("Id") FROM fleet."Devices" WHERE "CustomerId" = $1""", stack.Id)
        );
    }
}
