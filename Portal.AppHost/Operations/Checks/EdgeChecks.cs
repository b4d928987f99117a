using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Portal.AppHost.Operations.Checks;

/// <summary>What the edge of a host routes: each stack's health through it, and the certificate that it shows for it.</summary>
internal sealed class EdgeChecks(DeployedStack stack, PublicAddress address, TimeProvider clock)
{
    public async IAsyncEnumerable<Check> RunAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        if (stack.Variables["EDGE_HTTPS"] is not { } port) yield break;
        // The edge itself is asked, wherever the names lead to.
        var here = address.Resolve is null ? address.At(Endpoint(port)) : address;
        var routes = Directory.EnumerateFiles(stack.Directory.Routes, "*.json").Order(StringComparer.Ordinal).ToList();
        yield return routes.Count == 0
            ? Check.Notable("routes", "none", $"Copy the edge/NAME.json of a stack's directory into {stack.Directory.Routes}.")
            : Check.Good("routes", string.Join(", ", routes.Select(Path.GetFileNameWithoutExtension)));
        foreach (var route in routes)
        {
            if (Host(route) is not { } host)
            {
                yield return Check.Failed($"route {Path.GetFileNameWithoutExtension(route)}", "is no stack's file", "Copy the edge/NAME.json of the stack's directory anew; the gateway goes on with the one before.");
                continue;
            }

            await foreach (var check in new PublicChecks(new Uri($"https://{host}"), stack.Directory.Root, here, clock).RunAsync(cancel))
                yield return check with { Seen = check.Seen.StartsWith("http", StringComparison.Ordinal) ? check.Seen : $"{host}: {check.Seen}" };
        }
    }

    // A port alone, or an address of this host with one.
    private static IPEndPoint Endpoint(string published) =>
        IPEndPoint.TryParse(published.Contains(':', StringComparison.Ordinal) ? published : $"127.0.0.1:{published}", out var given)
            ? given.Address.Equals(IPAddress.Any) ? new(IPAddress.Loopback, given.Port) : given
            : throw new StepFailedException($"EDGE_HTTPS is '{published}', which is no port and no address with one.", "Correct it in .env.");

    private static string? Host(string file)
    {
        try
        {
            using var route = JsonDocument.Parse(File.ReadAllText(file));
            return route.RootElement.ValueKind == JsonValueKind.Object && route.RootElement.TryGetProperty("host", out var host) ? host.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
