using System.Net;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Push;

public sealed class CuttableApp : AggregatorApp
{
    public CuttableProxy Proxy { get; private set; } = null!;

    protected override string Through(string connectionString)
    {
        (Proxy, var through) = CuttableProxy.Before(connectionString);
        return through;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }
    }
}

public sealed class OutageTests(CuttableApp app) : IClassFixture<CuttableApp>
{
    [PostgresFact]
    public async Task While_the_database_is_away_a_stack_is_told_to_come_again_and_loses_nothing()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("D");
        var batch = Pusher.Batch("measurements", """[{"externalId":"D","time":"2026-11-10T10:00:00Z","activePowerKw":1}]""");

        await app.Proxy.CutAsync();
        using (var away = await stack.SendAsync(batch))
        {
            await Problem.AssertAsync(away, HttpStatusCode.ServiceUnavailable, "unavailable");
            Assert.NotNull(away.Headers.RetryAfter?.Delta);
        }

        app.Proxy.Mend();
        await Eventually.TrueAsync(async () => (await stack.SendAsync(batch)).StatusCode == HttpStatusCode.OK, "the batch is taken");
        Assert.Equal(1L, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."PowerMeasurements" WHERE "CustomerId" = $1""", stack.Id));
    }

    [PostgresFact]
    public async Task A_connection_that_is_lost_under_a_batch_is_503_and_the_same_batch_is_taken_afterwards()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("L");
        foreach (var (type, rows) in ((string, string)[])[("measurements", """[{"externalId":"L","time":"2026-11-10T10:00:00Z","activePowerKw":1}]"""), ("devices", """[{"externalId":"L2","name":"L2"}]""")])
        {
            var batch = Pusher.Batch(type, rows);
            Task<HttpResponseMessage> push;
            await using (await app.HoldAsync(stack))
            {
                push = stack.SendAsync(batch);
                await Eventually.TrueAsync(async () => await app.WaitingAsync() == 1, "the writer waits");
                await app.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
                await Problem.AssertAsync(await push, HttpStatusCode.ServiceUnavailable, "unavailable");
            }

            using var again = await stack.SendAsync(batch);
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        }

        // Refused ones of which it was known whose they were.
        Assert.Contains(await app.EventsAsync(stack.Id), left => left.Status == 503);
    }
}
