using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Tests.TimeSeries;

internal static class TestDevices
{
    /// <summary>A site with devices 1 to <paramref name="count"/>.</summary>
    public static async Task CreateAsync(PortalHost host, int count)
    {
        await using var context = await host.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var site = new Site { Name = "Plant", TimeZone = "Africa/Johannesburg" };
        site.Devices.AddRange(Enumerable.Range(1, count).Select(i => new Device { Name = $"Meter {i}", ExternalId = $"AN{i}" }));
        context.Sites.Add(site);
        await context.SaveChangesAsync();
    }
}
