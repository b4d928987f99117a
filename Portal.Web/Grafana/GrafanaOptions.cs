using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Portal.Web.Grafana;

/// <summary>Section <c>Grafana</c> of the pages: where the browser finds the stack's Grafana.</summary>
public sealed class GrafanaOptions
{
    public const string SectionName = "Grafana";

    /// <summary>Path on the portal's own host, without a slash at its end.</summary>
    public string EmbedPathPrefix { get; set; } = "/grafana";
}

/// <summary>Anything but a path of the portal's own host would send people, and the frame, somewhere else.</summary>
public sealed partial class GrafanaOptionsValidator : IValidateOptions<GrafanaOptions>
{
    public ValidateOptionsResult Validate(string? name, GrafanaOptions options) =>
        Path().IsMatch(options.EmbedPathPrefix)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Grafana__EmbedPathPrefix is '{options.EmbedPathPrefix}'; set it to a path such as /grafana, without a slash at its end.");

    [GeneratedRegex(@"^(/[A-Za-z0-9._~-]+)+\z")]
    private static partial Regex Path();
}
