using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.TimeSeries;
using Portal.TimeSeries.Connection;

namespace Portal.Data.Tests.Connection;

public sealed class DatabaseConnectionTests
{
    private const string Own = "Host=own;Database=a;Username=u;Password=hunter2";
    private const string Aspire = "Host=aspire;Database=b;Username=u;Password=hunter2";

    [Fact]
    public void Our_own_setting_goes_before_Aspires_and_Aspires_before_the_parts()
    {
        Dictionary<string, string?> settings = new()
        {
            ["POSTGRES_PASSWORD"] = "hunter2",
            ["POSTGRES_HOST"] = "timescaledb",
        };
        Assert.Equal(("timescaledb", "POSTGRES_HOST, POSTGRES_PORT, POSTGRES_DB, POSTGRES_USER"), Resolve(settings));

        settings["ConnectionStrings:portal"] = Aspire;
        Assert.Equal(("aspire", "ConnectionStrings__portal"), Resolve(settings));

        settings["Database:ConnectionString"] = Own;
        Assert.Equal(("own", "Database__ConnectionString"), Resolve(settings));
    }

    [Fact]
    public void Parts_that_are_left_out_have_the_guides_defaults()
    {
        var connection = DatabaseConnection.Resolve(Configuration(new() { ["POSTGRES_PASSWORD"] = "hunter2" }), "power_monitoring", [])!.Settings;

        Assert.Equal(("localhost", 5432, "power_monitoring", "power_user"), (connection.Host, connection.Port, connection.Database, connection.Username));
    }

    [Theory]
    [InlineData("Database:ConnectionString", "Database__ConnectionString")]
    [InlineData("ConnectionStrings:portal", "ConnectionStrings__portal")]
    public void A_connection_string_that_is_none_is_named_and_not_quoted(string key, string name)
    {
        foreach (var broken in (string[])["hunter2", "Hots=typo;Password=hunter2", "Host=h;Password=hunter2", "Host=h;Port=hunter2;Database=d"])
        {
            var error = Assert.Single(ErrorsOf(new() { [key] = broken }));
            Assert.StartsWith(name, error, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void All_errors_are_said_at_once_by_the_names_an_operator_sets()
    {
        var errors = ErrorsOf(new() { ["POSTGRES_PORT"] = "54x", ["Database:TimeSeries"] = "influx" });

        Assert.Collection(
            errors,
            error => Assert.Contains("POSTGRES_PASSWORD", error, StringComparison.Ordinal),
            error => Assert.Contains("POSTGRES_PORT is '54x'", error, StringComparison.Ordinal),
            error => Assert.Contains("Database__TimeSeries is 'influx'", error, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_host_does_not_start_with_wrong_settings()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddPortalData();
        using var host = builder.Build();

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }

    [Fact]
    public async Task The_log_says_where_the_database_is_and_never_the_password()
    {
        await using var host = PortalHost.Create(Own);
        Assert.NotNull(host.DataSource);

        Assert.Equal("Database connection resolved via ConnectionStrings__portal: u@own:5432/a", Assert.Single(host.LogLines));
    }

    [Fact]
    public void What_a_connection_string_leaves_open_gets_bounds_and_what_it_says_stays()
    {
        var open = DatabaseSource.WithDefaults(new NpgsqlConnectionStringBuilder(Own), "Portal.Ingest");
        Assert.Equal((15, 30, "Portal.Ingest"), (open.MaxPoolSize, open.CommandTimeout, open.ApplicationName));

        var said = DatabaseSource.WithDefaults(new NpgsqlConnectionStringBuilder(Own + ";Maximum Pool Size=3;Command Timeout=7"), "Portal.Ingest");
        Assert.Equal((3, 7), (said.MaxPoolSize, said.CommandTimeout));
    }

    private static (string?, string) Resolve(Dictionary<string, string?> settings)
    {
        var connection = DatabaseConnection.Resolve(Configuration(settings), "power_monitoring", [])!;
        return (connection.Settings.Host, connection.Source);
    }

    private static IEnumerable<string> ErrorsOf(Dictionary<string, string?> settings)
    {
        var configuration = Configuration(settings);
        var options = configuration.GetSection(DatabaseOptions.SectionName).Get<DatabaseOptions>() ?? new DatabaseOptions();
        return new DatabaseOptionsValidator(configuration, new DatabaseDefaults("portal", "power_monitoring")).Validate(null, options).Failures!;
    }

    private static IConfiguration Configuration(Dictionary<string, string?> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
