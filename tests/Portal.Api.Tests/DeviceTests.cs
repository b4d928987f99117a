using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts;
using Portal.Contracts.Audit;
using Portal.Contracts.Devices;
using Portal.Contracts.Measurements;
using Portal.Data;
using Portal.Domain.Measurements;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class DeviceTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task A_device_is_created_read_changed_and_deleted_and_each_change_is_on_record()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Africa/Johannesburg");
        var other = await admin.NewSiteAsync("Europe/Berlin");
        var serial = Meters.NewSerial();
        using var created = await admin.PostAsJsonAsync("/api/devices", new DeviceBody(site.Id, " Incomer ", $" {serial} ", "Acuvim II"));
        var device = await created.ReadAsync<DeviceCreated>(HttpStatusCode.Created);
        Assert.Equal($"/api/devices/{device.Id}", created.Headers.Location?.ToString());
        Assert.Equal(("Incomer", serial, "Acuvim II", "main", 0L), (device.Name, device.ExternalId, device.Model, device.Role, device.AdmittedRows));

        using var updated = await admin.PutAsJsonAsync($"/api/devices/{device.Id}", new DeviceBody(other.Id, "Solar", serial, Role: "generation"));
        var changed = await updated.ReadAsync<DeviceItem>();
        Assert.Equal((other.Id, "Solar", null, "generation"), (changed.SiteId, changed.Name, changed.Model, changed.Role));
        Assert.Equal(changed, await (await admin.GetAsync($"/api/devices/{device.Id}")).ReadAsync<DeviceItem>());
        Assert.Equal(1, (await (await admin.GetAsync($"/api/sites/{other.Id}")).JsonAsync()).GetProperty("devices").GetInt32());

        using var deleted = await admin.DeleteAsync(new Uri($"/api/devices/{device.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await admin.GetAsync($"/api/devices/{device.Id}");
        await gone.ProblemAsync(HttpStatusCode.NotFound, "not-found");
        var audit = await (await admin.GetAsync("/api/audit?limit=3")).ReadAsync<Page<AuditItem>>();
        Assert.Equal(["device.deleted", "device.updated", "device.created"], audit.Items.Select(entry => entry.Action));
        Assert.All(audit.Items, entry => Assert.Equal((ApiHost.AdminEmail, serial), (entry.Actor, entry.Subject)));
        // Names, which say something when the things are gone, and the keys with them.
        Assert.All(audit.Items, entry => Assert.Equal(device.Id, entry.Details.GetProperty("id").ToString()));
        Assert.Equal(("Solar", other.Name), Told(audit.Items[0].Details));
        Assert.Equal(("Incomer", site.Name), Told(audit.Items[1].Details.GetProperty("before")));
        Assert.Equal(("Solar", other.Name), Told(audit.Items[1].Details.GetProperty("after")));
        Assert.Equal(("Incomer", site.Name), Told(audit.Items[2].Details));

        static (string?, string?) Told(JsonElement details) => (details.GetProperty("name").GetString(), details.GetProperty("site").GetString());
    }

    [PostgresFact]
    public async Task An_update_without_a_role_keeps_the_one_there_is()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Europe/Berlin");
        var device = await admin.NewDeviceAsync(site, "sub");
        using var updated = await admin.PutAsJsonAsync($"/api/devices/{device.Id}", new DeviceBody(site.Id, "Renamed", device.ExternalId));
        Assert.Equal("sub", (await updated.ReadAsync<DeviceItem>()).Role);
    }

    [PostgresFact]
    public async Task A_serial_belongs_to_one_device()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Europe/Berlin");
        var first = await admin.NewDeviceAsync(site);
        var second = await admin.NewDeviceAsync(site);
        using var again = await admin.PostAsJsonAsync("/api/devices", new DeviceBody(site.Id, "Twin", first.ExternalId));
        var problem = await again.ProblemAsync(HttpStatusCode.Conflict, "taken");
        Assert.True(problem.GetProperty("errors").TryGetProperty("externalId", out _));
        using var changed = await admin.PutAsJsonAsync($"/api/devices/{second.Id}", new DeviceBody(site.Id, "Twin", first.ExternalId));
        await changed.ProblemAsync(HttpStatusCode.Conflict, "taken");

        var twins = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.PostAsJsonAsync("/api/devices", new DeviceBody(site.Id, "Twin", "TWIN-1"))));
        Assert.Single(twins, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, twins.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [PostgresTheory]
    [InlineData("17", "AN1", "main", "siteId")]
    [InlineData("00000000-0000-0000-0000-000000000000", "AN1", "main", "siteId")]
    [InlineData(null, "", "main", "externalId")]
    [InlineData(null, "a\tb", "main", "externalId")]
    [InlineData(null, "01234567890123456789012345678901234567890123456789012345678901234", "main", "externalId")]
    [InlineData(null, "AN1", "boss", "role")]
    public async Task What_is_wrong_with_a_device_names_its_field(string? siteId, string serial, string role, string field)
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Europe/Berlin");
        var device = await admin.NewDeviceAsync(site);
        var body = new DeviceBody(siteId ?? site.Id, "Meter", serial, null, role);
        using var created = await admin.PostAsJsonAsync("/api/devices", body);
        await created.InvalidAsync(field);
        using var updated = await admin.PutAsJsonAsync($"/api/devices/{device.Id}", body);
        await updated.InvalidAsync(field);
    }

    [PostgresFact]
    public async Task A_site_with_devices_is_not_deleted_and_the_answer_says_what_to_do()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Europe/Berlin");
        var device = await admin.NewDeviceAsync(site);
        using var refused = await admin.DeleteAsync(new Uri($"/api/sites/{site.Id}", UriKind.Relative));
        var problem = await refused.ProblemAsync(HttpStatusCode.Conflict, "site-has-devices");
        Assert.Contains("delete them", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        await admin.DeleteAsync(new Uri($"/api/devices/{device.Id}", UriKind.Relative));
        using var deleted = await admin.DeleteAsync(new Uri($"/api/sites/{site.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [PostgresFact]
    public async Task Devices_are_listed_by_site_and_page()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Europe/Berlin");
        await admin.NewDeviceAsync(await admin.NewSiteAsync("Europe/Berlin"));
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add((await admin.NewDeviceAsync(site)).Id);

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await (await admin.GetAsync($"/api/devices?siteId={site.Id}&limit=2&cursor={cursor}")).ReadAsync<Page<DeviceItem>>();
            Assert.NotEmpty(page.Items);
            seen.AddRange(page.Items.Select(device => device.Id));
            Assert.True(seen.Count < 200, "The pages never end.");
            cursor = page.Next;
        } while (cursor is not null);

        Assert.Equal(ids, seen);
    }

    [PostgresTheory]
    [InlineData("UNKNOWN-1")]
    [InlineData("UNKNOWN/2 ü")]
    public async Task A_claim_admits_what_waited_before_it_answers(string serial)
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Europe/Berlin");
        var now = api.Clock.GetUtcNow();
        var outcomes = await api.PostAsync(serial, (now.AddMinutes(-2), "\"energyImportKwh\":100"), (now.AddMinutes(-1), "\"energyImportKwh\":101"));
        Assert.All(outcomes, outcome => Assert.Equal(RowOutcome.UnknownDevice, outcome));

        var waiting = (await (await admin.GetAsync("/api/devices/unclaimed")).ReadAsync<Page<UnclaimedItem>>()).Items.Single(item => item.ExternalId == serial);
        Assert.Equal(2, waiting.Rows);

        using var claimed = await admin.PostAsJsonAsync($"/api/devices/unclaimed/{Uri.EscapeDataString(serial)}/claim", new ClaimBody(site.Id));
        var device = await claimed.ReadAsync<DeviceCreated>(HttpStatusCode.Created);
        Assert.Equal((serial, serial, 2L), (device.ExternalId, device.Name, device.AdmittedRows));
        var page = await (await admin.GetAsync($"/api/devices/{device.Id}/measurements")).ReadAsync<MeasurementPage>();
        Assert.Equal(2, page.Measurements.Count);

        using var again = await admin.PostAsJsonAsync($"/api/devices/unclaimed/{Uri.EscapeDataString(serial)}/claim", new ClaimBody(site.Id));
        await again.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [PostgresFact]
    public async Task What_was_dropped_unclaimed_in_the_last_90_days_is_told_by_reason()
    {
        using var admin = await api.AdminAsync();
        Assert.Equal(new DroppedRows(0, 0, null), await DroppedAsync());
        var today = DateOnly.FromDateTime(api.Clock.GetUtcNow().UtcDateTime);
        await using (var scope = api.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
            foreach (var (day, reason, rows) in ((int, string, long)[])[(-1, QuarantineDrops.Age, 5), (-3, QuarantineDrops.Age, 2), (-3, QuarantineDrops.Size, 9), (-90, QuarantineDrops.Size, 100)])
                db.QuarantineDrops.Add(new QuarantineDrops { Day = today.AddDays(day), Reason = reason, Rows = rows });
            await db.SaveChangesAsync();
        }

        Assert.Equal(new DroppedRows(7, 9, today.AddDays(-1)), await DroppedAsync());

        async Task<DroppedRows> DroppedAsync() => await (await admin.GetAsync("/api/devices/unclaimed/dropped")).ReadAsync<DroppedRows>();
    }

    [PostgresFact]
    public async Task Plain_creation_and_another_serial_admit_what_waited_too()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Europe/Berlin");
        var (first, second) = (Meters.NewSerial(), Meters.NewSerial());
        await api.PostAsync(first, (api.Clock.GetUtcNow().AddMinutes(-2), "\"activePowerKw\":1"));
        await api.PostAsync(second, (api.Clock.GetUtcNow().AddMinutes(-1), "\"activePowerKw\":2"));

        var device = await admin.NewDeviceAsync(site, serial: first);
        Assert.Equal(1, device.AdmittedRows);
        using var swapped = await admin.PutAsJsonAsync($"/api/devices/{device.Id}", new DeviceBody(site.Id, "Meter", second));
        Assert.Equal(HttpStatusCode.OK, swapped.StatusCode);
        var page = await (await admin.GetAsync($"/api/devices/{device.Id}/measurements")).ReadAsync<MeasurementPage>();
        Assert.Equal(2, page.Measurements.Count);
    }
}
