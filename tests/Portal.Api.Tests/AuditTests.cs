using System.Net.Http.Json;
using Portal.Contracts;
using Portal.Contracts.Audit;
using Portal.Contracts.IngestKeys;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class AuditTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task The_trail_begins_with_the_seeded_admin_and_is_paged_newest_first_while_it_grows()
    {
        using var admin = await api.AdminAsync();
        for (var i = 1; i <= 5; i++) await admin.PostAsJsonAsync("/api/ingest-keys", new IngestKeyBody($"key {i}"));

        var subjects = new List<string>();
        string? cursor = null;
        do
        {
            var page = await (await admin.GetAsync($"/api/audit?limit=2&cursor={cursor}")).ReadAsync<Page<AuditItem>>();
            Assert.NotEmpty(page.Items);
            subjects.AddRange(page.Items.Select(entry => entry.Subject));
            Assert.True(subjects.Count < 200, "The pages never end.");
            cursor = page.Next;
            await admin.PostAsJsonAsync("/api/ingest-keys", new IngestKeyBody("later"));
        } while (cursor is not null);

        Assert.Equal(["key 5", "key 4", "key 3", "key 2", "key 1", ApiHost.AdminEmail], subjects);
        var oldest = (await (await admin.GetAsync("/api/audit?limit=1000")).ReadAsync<Page<AuditItem>>()).Items[^1];
        Assert.Equal(("system", "user.seeded"), (oldest.Actor, oldest.Action));
    }
}
