using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts;
using Portal.Contracts.IngestKeys;
using Portal.Data;
using Portal.Domain.Keys;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class IngestKeyTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task A_key_is_shown_once_and_kept_as_a_hash()
    {
        using var admin = await api.AdminAsync();
        using var answer = await admin.PostAsJsonAsync("/api/ingest-keys", new IngestKeyBody("Loggers of the mill"));
        var created = await answer.ReadAsync<IngestKeyCreated>(HttpStatusCode.Created);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.True(IngestKeyToken.TryParse(created.Key, out _));
        Assert.StartsWith(created.Prefix, created.Key, StringComparison.Ordinal);

        using var list = await admin.GetAsync("/api/ingest-keys");
        Assert.DoesNotContain(created.Key, await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var audit = await admin.GetAsync("/api/audit");
        Assert.DoesNotContain(created.Key, await audit.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await using var scope = api.Services.CreateAsyncScope();
        var stored = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().IngestKeys.SingleAsync(key => key.Id == Guid.Parse(created.Id));
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(created.Key)), stored.Hash);
    }

    [PostgresFact]
    public async Task A_revoked_key_stays_in_the_list_with_the_time_it_was_revoked()
    {
        using var admin = await api.AdminAsync();
        var created = await (await admin.PostAsJsonAsync("/api/ingest-keys", new IngestKeyBody("Old loggers"))).ReadAsync<IngestKeyCreated>(HttpStatusCode.Created);
        using var revoked = await admin.DeleteAsync(new Uri($"/api/ingest-keys/{created.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        var at = api.Clock.GetUtcNow();
        api.Clock.Advance(TimeSpan.FromMinutes(1));
        using var again = await admin.DeleteAsync(new Uri($"/api/ingest-keys/{created.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);

        var key = (await (await admin.GetAsync("/api/ingest-keys")).ReadAsync<Page<IngestKeyItem>>()).Items.Single(item => item.Id == created.Id);
        Assert.InRange(key.RevokedAt!.Value, at - TimeSpan.FromMilliseconds(1), at);
        using var unknown = await admin.DeleteAsync(new Uri($"/api/ingest-keys/{Guid.NewGuid()}", UriKind.Relative));
        await unknown.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [PostgresFact]
    public async Task Keys_are_listed_newest_first_page_by_page_while_others_come()
    {
        using var admin = await api.AdminAsync();
        foreach (var name in (string[])["one", "two", "three"])
        {
            await admin.PostAsJsonAsync("/api/ingest-keys", new IngestKeyBody(name));
            api.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var first = await (await admin.GetAsync("/api/ingest-keys?limit=2")).ReadAsync<Page<IngestKeyItem>>();
        Assert.Equal(["three", "two"], first.Items.Select(key => key.Name));
        await admin.PostAsJsonAsync("/api/ingest-keys", new IngestKeyBody("four"));
        var second = await (await admin.GetAsync($"/api/ingest-keys?limit=2&cursor={first.Next}")).ReadAsync<Page<IngestKeyItem>>();
        Assert.Equal("one", second.Items[0].Name);
    }
}
