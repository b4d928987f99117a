using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Portal.TimeSeries;

namespace Portal.Data;

/// <summary>
/// Ready once the database answers and has everything this assembly expects; what a newer release added besides doesn't matter, so that
/// services can be updated one after another.
/// </summary>
internal sealed class SchemaReadyCheck(PortalSchema schema, SchemaReady? ready = null) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (ready is { Task.IsCompleted: false })
        {
            return HealthCheckResult.Unhealthy("The schema is being migrated.");
        }

        try
        {
            return await schema.MissingAsync(cancellationToken) is { } missing
                ? HealthCheckResult.Unhealthy($"The schema is not ready: {missing}.")
                : HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", exception);
        }
    }
}
