using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Portal.TimeSeries.Connection;

/// <summary>Gathers everything that is wrong with the database's settings, by the names an operator sets.</summary>
internal sealed class DatabaseOptionsValidator(IConfiguration configuration, DatabaseDefaults defaults) : IValidateOptions<DatabaseOptions>
{
    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        var errors = new List<string>();
        DatabaseConnection.Resolve(configuration, defaults.Database, errors);
        if (options.Engine is null && !string.Equals(options.TimeSeries, "auto", StringComparison.OrdinalIgnoreCase))
        {
            errors.Add($"Database__TimeSeries is '{options.TimeSeries}'; set it to auto, timescale or postgres.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
