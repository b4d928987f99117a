using Portal.Testing;
using Portal.TimeSeries;

namespace Portal.Data.Tests.TimeSeries;

/// <summary>All tests share a database: whatever is in it, the relations have to equal the raw rows.</summary>
public sealed class TimescaleRollUpTests(TimescaleDatabase database) : IClassFixture<TimescaleDatabase>, IAsyncLifetime
{
    // Old enough to be materialised, and to be compressed.
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-10);

    private PortalHost host = null!;

    public async Task InitializeAsync()
    {
        if (TimescaleDatabase.MissingReason is null)
        {
            host = await PortalHost.MigratedAsync(database.ConnectionString);
        }
    }

    public async Task DisposeAsync()
    {
        if (host is not null)
        {
            await host.DisposeAsync();
        }
    }

    [TimescaleFact]
    public async Task Relations_equal_the_raw_rows_after_late_rows_and_fills()
    {
        var meters = new RandomMeters(21, Start);
        for (var step = 0; step < 12; step++)
        {
            await TestRows.WriteAsync(host, meters.Post());
            if (step == 5)
            {
                await TestPolicies.RunAsync(host); // from here on, what comes is late
                await BruteForce.AssertRelationsAsync(host);
                await TestPolicies.CompressAsync(host);
            }

            if (step % 4 == 3)
            {
                await TestRows.RefreshAllAsync(host);
                await BruteForce.AssertRelationsAsync(host);
            }
        }
    }

    [TimescaleFact]
    public async Task A_late_row_shows_after_a_pass_and_its_note_is_gone()
    {
        var late = Start.AddDays(3);
        await TestRows.WriteAsync(host, TestRow.Of(9, late, 1), TestRow.Of(9, late.AddDays(3), 1));
        await TestPolicies.RunAsync(host);
        await TestRows.RefreshAllAsync(host);

        await TestRows.WriteAsync(host, TestRow.Of(9, late.AddMinutes(1), 50));
        Assert.Equal(1, await MaximumAsync());

        var pass = (await host.TimeSeries.RefreshAsync(default))!;
        Assert.Equal((1, 1), (pass.Notes, pass.Buckets));
        Assert.Equal(50, await MaximumAsync());
        Assert.Equal(0, await host.ScalarAsync<long>("""SELECT count(*) FROM monitoring."TouchedRanges" """));
        await BruteForce.AssertRelationsAsync(host);

        Task<float> MaximumAsync() => host.ScalarAsync<float>("SELECT max(power_max_kw) FROM monitoring.hourly_per_device WHERE device_id = 9");
    }

    [TimescaleFact]
    public async Task Rows_beyond_what_is_materialised_show_at_once_and_need_no_refresh()
    {
        await TestPolicies.RunAsync(host);
        await TestRows.RefreshAllAsync(host);
        await TestRows.WriteAsync(host, TestRow.Of(8, TimeProvider.System.GetUtcNow(), 3));

        Assert.Equal(1, await host.ScalarAsync<long>("SELECT samples FROM monitoring.hourly_per_device WHERE device_id = 8"));
        var pass = (await host.TimeSeries.RefreshAsync(default))!;
        Assert.Equal((1, 0), (pass.Notes, pass.Buckets));
        await TestRows.WriteAsync(host, TestRow.Of(8, TimeProvider.System.GetUtcNow(), 4)); // the bucket still grows
        await BruteForce.AssertRelationsAsync(host);
    }

    [TimescaleFact]
    public async Task A_forgotten_device_is_gone_from_rows_roll_ups_and_notes()
    {
        await TestRows.WriteAsync(host, TestRow.Of(7, Start, 3), TestRow.Of(7, TimeProvider.System.GetUtcNow(), 4), TestRow.Of(6, Start, 5));
        await TestPolicies.RunAsync(host);
        await TestPolicies.CompressAsync(host);

        await using (var connection = await host.DataSource.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await CatalogueLock.TakeExclusiveAsync(connection, transaction, default);
            Assert.Equal(2, await host.TimeSeries.ForgetDeviceAsync(connection, transaction, new DeviceKey(7), default));
            await transaction.CommitAsync();
        }

        await TestRows.RefreshAllAsync(host);
        await BruteForce.AssertRelationsAsync(host);
        Assert.Equal(0, await host.ScalarAsync<long>("SELECT count(*) FROM monitoring.hourly_per_device WHERE device_id = 7"));
        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM monitoring.hourly_per_device WHERE device_id = 6"));
    }

    [TimescaleFact]
    public async Task Energy_by_hour_is_that_of_the_domain()
    {
        await HourlyEnergyTests.FillAsync(host, seed: 31, devices: 2);
        await TestPolicies.RunAsync(host);
        await TestRows.RefreshAllAsync(host);

        await HourlyEnergyTests.AssertSameAsync(host, HourlyEnergyTests.Start.AddHours(5), HourlyEnergyTests.Start.AddHours(29));
    }
}
