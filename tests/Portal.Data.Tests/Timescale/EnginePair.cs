using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Data.Tests.TimeSeries;
using Portal.Testing;

namespace Portal.Data.Tests.Timescale;

/// <summary>The same portal twice, on TimescaleDB and on plain PostgreSQL. Whatever is stored goes to both, and readers must see the same.</summary>
internal sealed class EnginePair : IAsyncDisposable
{
    /// <summary>Later than all that is stored: a clock of the tests', as partitions are made only up to tomorrow.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly TimescaleDatabase database;

    private EnginePair(TimescaleDatabase database, PortalHost timescale, PortalHost postgres)
    {
        this.database = database;
        Timescale = timescale;
        Postgres = postgres;
    }

    public PortalHost Timescale { get; }

    public PortalHost Postgres { get; }

    /// <summary>Two main meters of one site, with the same keys in both databases.</summary>
    public static async Task<EnginePair> CreateAsync()
    {
        var clock = new FakeTimeProvider(Now);
        var database = await TimescaleDatabase.CreateAsync();
        var pair = new EnginePair(
            database,
            await PortalHost.MigratedAsync(database.ConnectionString, clock),
            await PortalHost.MigratedAsync(await PostgresServer.CreateDatabaseAsync("pair"), clock)
        );
        int[] keys = [1, 2];
        Assert.Equal(keys, await RegisterAsync(pair.Timescale));
        Assert.Equal(keys, await RegisterAsync(pair.Postgres));
        return pair;
    }

    public async Task WriteAsync(params IReadOnlyList<TestRow> rows)
    {
        await TestRows.WriteAsync(Timescale, rows);
        await TestRows.WriteAsync(Postgres, rows);
    }

    /// <summary>Brings both engines' roll-ups up to date, on TimescaleDB all that its own workers would materialise included.</summary>
    public async Task RefreshAsync()
    {
        await TestPolicies.RunAsync(Timescale);
        await CatchUpAsync();
    }

    /// <summary>What the portal itself does about late rows.</summary>
    public async Task CatchUpAsync()
    {
        await TestRows.RefreshAllAsync(Timescale);
        await TestRows.RefreshAllAsync(Postgres);
    }

    /// <summary>Both engines answer the same; the answer is not empty, and returned.</summary>
    public async Task<string> SameAsync(string query)
    {
        var expected = await Postgres.TableAsync(query);
        Assert.NotEqual("", expected);
        Assert.Equal(expected, await Timescale.TableAsync(query));
        return expected;
    }

    /// <summary>All that readers see of the roll-ups, and the energy made from them.</summary>
    public async Task<string> SameFiguresAsync()
    {
        await SameAsync("SELECT * FROM monitoring.quarter_hourly_per_device ORDER BY 1, 2");
        var hours = await SameAsync("SELECT * FROM monitoring.hourly_per_device ORDER BY 1, 2");
        await SameAsync("SELECT * FROM monitoring.hourly_energy('2026-11-01', '2026-11-05') ORDER BY 1, 2");
        return hours;
    }

    public async ValueTask DisposeAsync()
    {
        await Timescale.DisposeAsync();
        await Postgres.DisposeAsync();
        await database.DisposeAsync();
    }

    private static async Task<int[]> RegisterAsync(PortalHost host)
    {
        await using var context = await host.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var site = new Site { Name = "Plant", TimeZone = "Africa/Johannesburg", CreatedAt = Now };
        site.Devices.AddRange(
            new[] { "AN1", "AN2" }.Select(serial => new Device { Name = serial, ExternalId = serial, Role = DeviceRole.Main, CreatedAt = Now })
        );
        context.Add(site);
        await context.SaveChangesAsync();
        return [.. site.Devices.Select(device => device.Id).Order()];
    }
}
