using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Portal.Gateway.Status;

/// <summary>A status port that nobody listens on, or the only port there is, would be noticed in the middle of an outage otherwise.</summary>
internal sealed class StatusPortCheck(
    IServer server, IOptions<GatewayOptions> options, IHostApplicationLifetime host, ILogger<StatusPortCheck> logger) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var ports = server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(address => BindingAddress.Parse(address).Port).ToHashSet() ?? [];
        if (!ports.Contains(options.Value.StatusPort) || ports.Count < 2)
        {
            logger.LogCritical(
                "Not started, its settings are wrong: Gateway__StatusPort is {Port}, ASPNETCORE_URLS has the ports {Ports}. "
                + "Give ASPNETCORE_URLS a public address and one with the status port.",
                options.Value.StatusPort, string.Join(", ", ports.Order()));
            Environment.ExitCode = 1;
            host.StopApplication();
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
