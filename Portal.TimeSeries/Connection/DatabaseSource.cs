using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Portal.TimeSeries.Connection;

/// <summary>The one pool of connections of a service.</summary>
internal static class DatabaseSource
{
    /// <summary>
    /// Connections of one service at most. PostgreSQL's default is 100 for all: three stacks of two services each, full at the same
    /// time, take 90. Two cores are busy with two writers and a handful of queries, so a fuller pool would only queue elsewhere.
    /// </summary>
    private const int MaxPoolSize = 15;

    /// <summary>Seconds a statement may take; a schema's conversion and the roll-up job set their own.</summary>
    private const int CommandTimeout = 30;

    /// <summary>Seconds to open a connection or to wait for a free one: shorter than the 30 s that callers wait over HTTP.</summary>
    private const int ConnectTimeout = 10;

    /// <summary>Seconds after which a connection is renewed, so that settings of the database reach busy pools too.</summary>
    private const int ConnectionLifetime = 3600;

    public static NpgsqlDataSource Create(IServiceProvider services)
    {
        _ = services.GetRequiredService<IOptions<DatabaseOptions>>().Value; // validated: says everything that is wrong
        var defaults = services.GetRequiredService<DatabaseDefaults>();
        var connection = DatabaseConnection.Resolve(services.GetRequiredService<IConfiguration>(), defaults.Database, [])!;
        var settings = WithDefaults(connection.Settings, services.GetRequiredService<IHostEnvironment>().ApplicationName);

        if (!connection.Settings.ShouldSerialize("Max Auto Prepare"))
        {
            settings.MaxAutoPrepare = defaults.PreparedStatements;
        }

        services
            .GetRequiredService<ILoggerFactory>()
            .CreateLogger(typeof(DatabaseSource))
            .LogInformation(
                "Database connection resolved via {Source}: {User}@{Host}:{Port}/{Database}",
                connection.Source,
                settings.Username,
                settings.Host,
                settings.Port,
                settings.Database
            );

        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = defaults.Name };

        // A span only below somebody's work: the background loops look for work every second and would fill the traces.
        builder.ConfigureTracing(tracing =>
            tracing
                .ConfigureCommandFilter(_ => Activity.Current is not null)
                .ConfigureBatchFilter(_ => Activity.Current is not null)
                .ConfigureCopyOperationFilter(_ => Activity.Current is not null)
        );
        return builder.Build();
    }

    /// <summary>What the operator's connection string says stays; what it leaves open gets our bounds.</summary>
    public static NpgsqlConnectionStringBuilder WithDefaults(NpgsqlConnectionStringBuilder configured, string applicationName)
    {
        var settings = new NpgsqlConnectionStringBuilder(configured.ConnectionString);
        Set("Maximum Pool Size", () => settings.MaxPoolSize = MaxPoolSize);
        Set("Command Timeout", () => settings.CommandTimeout = CommandTimeout);
        Set("Timeout", () => settings.Timeout = ConnectTimeout);
        Set("Connection Lifetime", () => settings.ConnectionLifetime = ConnectionLifetime);
        Set("Application Name", () => settings.ApplicationName = applicationName);
        return settings;

        void Set(string key, Action set)
        {
            if (!configured.ShouldSerialize(key))
            {
                set();
            }
        }
    }
}
