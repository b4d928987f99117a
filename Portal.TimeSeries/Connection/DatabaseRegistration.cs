using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.TimeSeries.Connection;
using Portal.TimeSeries.Engines;
using Portal.TimeSeries.Readers;
using Portal.TimeSeries.RollUps;

namespace Portal.TimeSeries;

/// <summary>What is a service's own about its database.</summary>
/// <param name="Name">Name of its pool in metrics and traces.</param>
/// <param name="Database">Database where <c>POSTGRES_DB</c> names none.</param>
/// <param name="PreparedStatements">
/// Statements that each connection keeps prepared, those it runs most; 0: none. For a service whose few statements are run many times a second:
/// planning them takes the server as long as running them. The connection string's <c>Max Auto Prepare</c> goes before it.
/// </param>
public sealed record DatabaseDefaults(string Name, string Database, int PreparedStatements = 0);

/// <summary>A service's database and the time series in it.</summary>
public static class DatabaseRegistration
{
    /// <summary>
    /// One shared <see cref="Npgsql.NpgsqlDataSource"/> by <see cref="DatabaseOptions"/>, <see cref="ITimeSeries"/> of that layout, whose bootstrap
    /// brings Grafana's role up to date as well, and <see cref="WriterMetrics"/>. Settings are validated when the host starts; nothing is opened before.
    /// </summary>
    public static IServiceCollection AddTimeSeries(this IServiceCollection services, SeriesLayout layout, DatabaseDefaults defaults)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(defaults);
        services.AddSingleton<IValidateOptions<DatabaseOptions>, DatabaseOptionsValidator>();
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GrafanaOptions>, GrafanaOptionsValidator>();
        services.AddOptions<GrafanaOptions>().BindConfiguration(GrafanaOptions.SectionName).ValidateOnStart();
        return services
            .AddSingleton<ReaderRole>()
            .AddSingleton(DatabaseSource.Create)
            .AddSingleton(layout)
            .AddSingleton<ITimeSeries, ConfiguredTimeSeries>()
            .AddSingleton<WriterMetrics>();
    }

    /// <summary>For the service that owns the schema: keeps the roll-ups up to date once <see cref="SchemaReady"/> says that it is there.</summary>
    public static IServiceCollection AddRollUpJob(this IServiceCollection services) =>
        services.AddSingleton<SchemaReady>().AddSingleton<RollUpMetrics>().AddHostedService<RollUpJob>();
}
