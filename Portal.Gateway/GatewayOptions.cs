using System.Net;
using Microsoft.Extensions.Options;

namespace Portal.Gateway;

/// <summary>Settings of the gateway, see docs/CONFIGURATION.md.</summary>
internal sealed class GatewayOptions
{
    public const string SectionName = "Gateway";

    /// <summary>Folder with one JSON file per stack. It must exist at start; its files may come and go.</summary>
    public string RoutesPath { get; set; } = "";

    /// <summary>The private port, one of <c>ASPNETCORE_URLS</c>, that alone answers for the gateway itself.</summary>
    public int StatusPort { get; set; }

    /// <summary>Safety net for file systems that announce no changes (network mounts, projected volumes).</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest body of a meter post or a fleet push: a month of a module's cache is some 40 MiB of JSON.</summary>
    public int IngestBodyLimitMiB { get; set; } = 64;

    /// <summary>Largest body of everything else; logos are the largest.</summary>
    public int BodyLimitMiB { get; set; } = 10;

    /// <summary>How long a request may pass without a byte in either direction before it is given up.</summary>
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>How often every address is asked whether it is ready; zero: never, the traffic alone tells.</summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Networks of what may stand before this gateway (an edge gateway, an Ingress, Traefik), such as
    /// <c>172.20.0.0/16,fd00:1::/64</c>: they alone are believed what address and scheme the caller has. Empty: nobody is.
    /// </summary>
    public string TrustedForwarders { get; set; } = "";

    /// <summary>The networks of <see cref="TrustedForwarders"/>; null where one of them is none.</summary>
    internal IReadOnlyList<IPNetwork>? ForwarderNetworks
    {
        get
        {
            var networks = new List<IPNetwork>();
            foreach (var text in TrustedForwarders.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (!IPNetwork.TryParse(text, out var network) || network.PrefixLength == 0) return null;
                networks.Add(network);
            }

            return networks;
        }
    }
}

/// <summary>Gathers every mistake, so that one start shows them all.</summary>
internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        List<string> mistakes = [];

        if (string.IsNullOrWhiteSpace(options.RoutesPath))
            mistakes.Add("Gateway__RoutesPath is not set. Set it to the folder that holds one JSON file per stack.");
        else if (!Directory.Exists(options.RoutesPath))
            mistakes.Add($"Gateway__RoutesPath is '{options.RoutesPath}', which is no folder. Create it; it may be empty.");

        if (options.StatusPort is < 1 or > 65535)
            mistakes.Add($"Gateway__StatusPort is {options.StatusPort}. Set it to the private port among ASPNETCORE_URLS.");
        if (options.PollInterval < TimeSpan.FromMilliseconds(100) || options.PollInterval > TimeSpan.FromHours(1))
            mistakes.Add($"Gateway__PollInterval is {options.PollInterval}. Set it between 00:00:00.1 and 01:00:00.");
        if (options.IngestBodyLimitMiB is < 1 or > 1024)
            mistakes.Add($"Gateway__IngestBodyLimitMiB is {options.IngestBodyLimitMiB}. Set it between 1 and 1024.");
        if (options.BodyLimitMiB is < 1 or > 1024)
            mistakes.Add($"Gateway__BodyLimitMiB is {options.BodyLimitMiB}. Set it between 1 and 1024.");
        if (options.ActivityTimeout < TimeSpan.FromSeconds(1) || options.ActivityTimeout > TimeSpan.FromHours(1))
            mistakes.Add($"Gateway__ActivityTimeout is {options.ActivityTimeout}. Set it between 00:00:01 and 01:00:00.");
        if (options.ProbeInterval != TimeSpan.Zero && (options.ProbeInterval < TimeSpan.FromSeconds(1) || options.ProbeInterval > TimeSpan.FromHours(1)))
            mistakes.Add($"Gateway__ProbeInterval is {options.ProbeInterval}. Set it between 00:00:01 and 01:00:00, or to 00:00:00 for no probes.");
        if (options.ForwarderNetworks is null)
        {
            mistakes.Add($"Gateway__TrustedForwarders is '{options.TrustedForwarders}'. Set it to networks such as 172.20.0.0/16, separated by commas; "
                + "one that contains every address would let anybody choose the address that is counted and logged.");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
