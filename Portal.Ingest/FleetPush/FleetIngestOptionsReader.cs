using System.Globalization;
using Microsoft.Extensions.Options;

namespace Portal.Ingest.FleetPush;

/// <summary>
/// Reads the section itself: the framework's binder ends with the first value that it can't convert, and one start shall show all that is
/// wrong.
/// </summary>
internal sealed class FleetIngestOptionsReader(IConfiguration configuration) : IConfigureOptions<FleetIngestOptions>
{
    public void Configure(FleetIngestOptions options)
    {
        options.Url = Text(nameof(options.Url));
        options.Token = Text(nameof(options.Token));
        options.TokenFile = Text(nameof(options.TokenFile));
        if (Text(nameof(options.Enabled)) is { } enabled)
        {
            if (bool.TryParse(enabled, out var value))
            {
                options.Enabled = value;
            }
            else
            {
                options.Unreadable.Add($"FleetIngest__Enabled is '{enabled}'; set it to true or false.");
            }
        }

        options.IntervalSeconds = Number(nameof(options.IntervalSeconds), options.IntervalSeconds, options);
        options.BatchSize = Number(nameof(options.BatchSize), options.BatchSize, options);
    }

    private int Number(string name, int standard, FleetIngestOptions options)
    {
        if (Text(name) is not { } text)
        {
            return standard;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            options.Unreadable.Add($"FleetIngest__{name} is '{text}'; set it to a whole number, or leave it out for {standard}.");
            return standard;
        }

        return value;
    }

    // A manifest that leaves a variable empty means that it isn't set.
    private string? Text(string name) =>
        configuration[$"{FleetIngestOptions.SectionName}:{name}"] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
