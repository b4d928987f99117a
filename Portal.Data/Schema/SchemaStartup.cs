using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.TimeSeries;

namespace Portal.Data;

/// <summary>
/// Migrates when the service starts, while it answers <c>/health</c> already: converting a large table takes longer than an orchestrator waits
/// for a sign of life. Until it is done the service isn't ready; if it fails the process ends with exit code 1.
/// </summary>
internal sealed class SchemaStartup(
    PortalSchema schema,
    SchemaReady ready,
    IServiceScopeFactory scopes,
    SchemaSeed seed,
    IHostApplicationLifetime lifetime
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await schema.MigrateAsync(SeedAsync, stoppingToken);
            ready.Set();
        }
        catch (PortalSchemaException)
        {
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    private async Task SeedAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await seed.Run(scope.ServiceProvider, cancellationToken);
    }
}

/// <summary>What the service puts into a migrated database before it is ready.</summary>
internal sealed record SchemaSeed(Func<IServiceProvider, CancellationToken, Task> Run);
