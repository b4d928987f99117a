using System.Globalization;
using Fleet.Aggregator.Silences;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Aggregator.Tests.Silences;

/// <summary>The aggregator on a clock that the tests move. Its own jobs stand still: a test runs a pass when it wants one.</summary>
public sealed class SilenceApp : AggregatorApp
{
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.Zero));

    public DateTimeOffset WatchingSince { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    protected override void Configure(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
        services.Remove(services.Single(service => service.ImplementationType == typeof(SilenceJob)));
    }

    /// <summary>One pass now, as the leader runs it.</summary>
    internal Task<SilenceCounts?> PassAsync() => Services.GetRequiredService<SilencePass>().RunAsync(Clock.GetUtcNow(), WatchingSince, CancellationToken.None);

    /// <summary>Minutes of a stack's life: a heartbeat each, and a row of each device that is alive at its pace, then a pass.</summary>
    public async Task LiveAsync(Pusher stack, int minutes, params (string Serial, int EveryMinutes)[] alive)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            Clock.Advance(TimeSpan.FromMinutes(1));
            await stack.BeatAsync();
            var due = alive.Where(device => Clock.GetUtcNow().Minute % device.EveryMinutes == 0).Select(device => device.Serial).ToList();
            if (due.Count > 0)
            {
                await MeasureAsync(stack, [.. due]);
            }

            await PassAsync();
        }
    }

    /// <summary>A row of each device, of the moment.</summary>
    public Task MeasureAsync(Pusher stack, params string[] serials) => MeasureAsync(stack, Clock.GetUtcNow(), serials);

    public static async Task MeasureAsync(Pusher stack, DateTimeOffset time, params string[] serials)
    {
        var rows = serials.Select(serial => string.Create(CultureInfo.InvariantCulture, $$"""{"externalId":"{{serial}}","time":"{{time:O}}","activePowerKw":1}"""));
        await stack.PushAsync("measurements", $"[{string.Join(',', rows)}]");
    }

    /// <summary>Cadence in seconds as learned, rounded; -1 where there is none yet.</summary>
    public Task<int> CadenceAsync(Pusher stack, string serial) =>
        ScalarAsync<int>("""SELECT coalesce(round("CadenceSeconds"), -1)::int FROM fleet."Devices" WHERE "CustomerId" = $1 AND "ExternalId" = $2""", stack.Id, serial);

    /// <summary>A customer's silences, oldest first: kind, whether it goes on, devices, examples.</summary>
    public async Task<List<string>> SilencesAsync(Pusher stack)
    {
        await using var command = Database.CreateCommand(
            """
            SELECT concat_ws(' ', "Kind", CASE WHEN "EndedAt" IS NULL THEN 'open' ELSE 'ended' END, "Devices", array_to_string("Examples", ','))
              FROM fleet."Silences" WHERE "CustomerId" = $1 ORDER BY "Id"
            """
        );
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = stack.Id });
        var silences = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            silences.Add(reader.GetString(0).TrimEnd());
        }

        return silences;
    }
}
