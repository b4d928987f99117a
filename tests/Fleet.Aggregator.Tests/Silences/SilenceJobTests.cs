using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Silences;

/// <summary>With the job itself, on a clock that the test moves.</summary>
public sealed class JobApp : AggregatorApp
{
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.Zero));

    protected override void Configure(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
}

public sealed class SilenceJobTests(JobApp app) : IClassFixture<JobApp>
{
    [PostgresFact]
    public async Task The_job_looks_once_a_minute_and_forgives_what_passed_while_nobody_looked()
    {
        using var stack = await app.RegisterAsync();
        await stack.BeatAsync();
        await stack.BeatAsync();
        app.Clock.Advance(TimeSpan.FromHours(3)); // as if the process had been suspended: no pass was made

        for (var minute = 0; minute < 4; minute++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            await stack.BeatAsync();
        }

        // In small steps: a clock that runs away from the job's own passes would make it forgive again and again.
        var stopped = app.Clock.GetUtcNow();
        await Eventually.TrueAsync(
            async () =>
            {
                app.Clock.Advance(TimeSpan.FromSeconds(20));
                return await SilentAsync() == 1;
            },
            "the stack that stopped is noticed"
        );
        await Eventually.TrueAsync(
            async () =>
            {
                await stack.BeatAsync();
                app.Clock.Advance(TimeSpan.FromSeconds(10));
                return await SilentAsync() == 0;
            },
            "it is heard again"
        );
        Assert.Equal(1L, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."Silences" WHERE "StartedAt" = $1""", stopped.UtcDateTime));
        Assert.Equal(1L, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."Silences" """));
    }

    private Task<long> SilentAsync() => app.ScalarAsync<long>("""SELECT count(*) FROM fleet."Silences" WHERE "EndedAt" IS NULL""");
}
