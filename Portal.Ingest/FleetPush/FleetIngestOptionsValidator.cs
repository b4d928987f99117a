using System.Net;
using Microsoft.Extensions.Options;
using Portal.Contracts.Fleet;
using Portal.Domain.Keys;

namespace Portal.Ingest.FleetPush;

/// <summary>Gathers everything that is wrong with the push's settings, by the names an operator sets. A token is never quoted.</summary>
internal sealed class FleetIngestOptionsValidator : IValidateOptions<FleetIngestOptions>
{
    private const int LongestInterval = 3_600; // what the fleet calls stale

    public ValidateOptionsResult Validate(string? name, FleetIngestOptions options)
    {
        var errors = new List<string>(options.Unreadable);
        if (options.IntervalSeconds is < 1 or > LongestInterval)
        {
            errors.Add($"FleetIngest__IntervalSeconds is {options.IntervalSeconds}; set it to 1 to {LongestInterval} seconds.");
        }

        if (options.BatchSize is < 1 or > PushLimits.MaxRows)
        {
            errors.Add($"FleetIngest__BatchSize is {options.BatchSize}; set it to 1 to {PushLimits.MaxRows} rows.");
        }

        // What a switched-off push leaves in its settings is nobody's mistake.
        if (options.Enabled)
        {
            AddUrl(options, errors);
            AddToken(options, errors);
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void AddUrl(FleetIngestOptions options, List<string> errors)
    {
        const string Expected = "set it to the Admin stack's address, such as https://admin.portal.example.com";
        if (options.Url is null)
        {
            errors.Add($"FleetIngest__Url is not set, but FleetIngest__Enabled is true; {Expected}.");
        }
        else if (options.IngestUrl is not { } url)
        {
            errors.Add(
                $"FleetIngest__Url {Quoted(options.Url)}; {Expected}, alone or followed by {FleetIngestOptions.IngestPath}, "
                    + "without user, query or fragment."
            );
        }
        else if (url.Scheme == Uri.UriSchemeHttp && IsPublic(url))
        {
            errors.Add(
                $"FleetIngest__Url is '{options.Url}': plain http would show the token to everybody on the way; set it to https. "
                    + "http is for this machine and private networks only."
            );
        }
    }

    private static void AddToken(FleetIngestOptions options, List<string> errors)
    {
        switch (options)
        {
            case { Token: null, TokenFile: null }:
                errors.Add(
                    "Neither FleetIngest__Token nor FleetIngest__TokenFile is set, but FleetIngest__Enabled is true; "
                        + "set one of them to the token that the fleet gave this stack, or to a file with it."
                );
                break;
            case { Token: { } token } when !FleetToken.TryParse(token, out _):
                errors.Add(
                    $"FleetIngest__Token is not a fleet token, or not a whole one; it has {FleetToken.Length} characters and begins with "
                        + $"{FleetToken.Start}. Copy it again, or rotate it in the Admin portal."
                );
                break;
        }
    }

    // Somebody may have put the token where the address belongs.
    private static string Quoted(string url) =>
        url.Contains(FleetToken.Start, StringComparison.Ordinal) || url.Contains('@', StringComparison.Ordinal)
            ? "is no address for pushes"
            : $"is '{url}'";

    // By its form only: names that a public server can't have. What they lead to is checked again when it is connected to.
    private static bool IsPublic(Uri url) =>
        IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var address)
            ? !PrivateNetwork.Contains(address)
            : !PrivateNetwork.IsPrivateName(url.IdnHost);
}
