using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Portal.Contracts.Fleet;
using Portal.Domain.Keys;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Tokens;

public sealed class TokenTests(AggregatorApp app) : IClassFixture<AggregatorApp>
{
    private static readonly string Empty = Pusher.Batch("measurements", "[]");

    [PostgresFact]
    public async Task Whoever_has_no_token_of_ours_is_answered_401_and_leaves_nothing_behind()
    {
        using var stack = await app.RegisterAsync();
        var events = await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."IngestEvents" """);
        string[] headers =
        [
            "Bearer " + FleetToken.Generate().Reveal(), // of the right form, never given out
            "Bearer " + IngestKeyToken.Generate().Reveal(),
            "Bearer pft_short",
            "Bearer",
            "Bearer " + new string('x', 8_000),
            "Basic " + Convert.ToBase64String("x:pft_y"u8),
            stack.Token,
            "Bearer " + stack.Token[..^1] + (stack.Token[^1] == 'A' ? 'B' : 'A'),
        ];

        using var client = app.As("Admin"); // a session is no token
        foreach (var header in headers.Append(null))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Pusher.Path) { Content = new StringContent(Empty) };
            if (header is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", header);
            }

            using var answer = await client.SendAsync(request);
            await Problem.AssertAsync(answer, HttpStatusCode.Unauthorized, "invalid-fleet-token");
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
            Assert.Null(answer.Headers.Location);
        }

        Assert.Equal(events, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."IngestEvents" """));
    }

    [PostgresFact]
    public async Task A_token_opens_nothing_but_the_push()
    {
        using var stack = await app.RegisterAsync();
        using var client = app.As(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stack.Token);
        foreach (var path in (string[])["/api/fleet/dashboard", "/api/fleet/customers", $"/api/fleet/customers/{stack.Id}", $"/api/fleet/customers/{stack.Id}/detail", "/api/fleet/audit"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(path)).StatusCode);
        }
    }

    [PostgresFact]
    public async Task A_rotated_token_is_refused_at_once_and_its_use_is_seen_under_its_customer()
    {
        using var stack = await app.RegisterAsync();
        using var old = new Pusher(app.As(null), stack.Id, stack.Code, stack.Token);
        await stack.PushDevicesAsync("D");
        using var operators = app.As("Admin");

        var rotated = await (await operators.PostAsync($"/api/fleet/customers/{stack.Id}/rotate-token", null)).Content.ReadFromJsonAsync<CustomerToken>();
        stack.Token = rotated!.Token;

        // For some seconds both are in use: the stack is restarted with the new one while the old process still pushes.
        for (var i = 0; i < 5; i++)
        {
            var detail = await Problem.AssertAsync(await old.SendAsync(Empty), HttpStatusCode.Unauthorized, "retired-fleet-token");
            Assert.Contains("FleetIngest__Token", detail, StringComparison.Ordinal);
            Assert.Equal(0, (await stack.PushAsync("measurements", "[]")).Rejected);
        }

        var refused = Assert.Single(await app.EventsAsync(stack.Id), left => left.Status == 401);
        Assert.Equal(("unknown", null), (refused.BatchType, refused.BatchId));
        Assert.Contains("rotated", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("pft_", refused.Error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_disabled_customer_is_refused_at_once_keeps_its_data_and_goes_on_when_enabled()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("D");
        await stack.PushAsync("measurements", """[{"externalId":"D","time":"2026-11-10T10:00:00Z","activePowerKw":1}]""");
        using var operators = app.As("Admin");

        await operators.PutAsJsonAsync($"/api/fleet/customers/{stack.Id}", new { code = stack.Code, name = "Off", active = false });
        await Problem.AssertAsync(await stack.SendAsync(Empty), HttpStatusCode.Unauthorized, "customer-disabled");
        await Problem.AssertAsync(await stack.SendAsync(Pusher.Batch("heartbeat", "[]", more: ",\"client\":{}")), HttpStatusCode.Unauthorized, "customer-disabled");
        Assert.Equal(1L, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."PowerMeasurements" WHERE "CustomerId" = $1""", stack.Id));

        await operators.PutAsJsonAsync($"/api/fleet/customers/{stack.Id}", new { code = stack.Code, name = "On", active = true });
        await stack.PushAsync("measurements", "[]");
        Assert.Equal([200, 200, 401, 200], (await app.EventsAsync(stack.Id)).Select(left => left.Status));
    }
}
