using System.Text.Json.Nodes;
using MeterSimulator.Fleet;

namespace MeterSimulator.Portal;

/// <summary>Registers the fleet where it is not registered yet. Sites are known by name, meters by serial; both are left as they are.</summary>
internal sealed class Provisioning(AdminApi api, Action<string> log)
{
    private const string KeyName = "Meter simulator";

    /// <returns>The ingest key.</returns>
    public async Task<string> RunAsync(FleetPlan fleet, KeyFile keyFile, CancellationToken cancellation)
    {
        var (siteIds, newSites) = await SitesAsync(fleet, cancellation);
        var newDevices = await DevicesAsync(fleet, siteIds, cancellation);
        log($"Registered {newSites} new sites and {newDevices} new devices; the others were there.");

        if (await keyFile.ReadAsync(cancellation) is { } known) return known;
        var key = await keyFile.WriteAsync(() => NewKeyAsync(cancellation), cancellation);
        log($"Made an ingest key, kept in {keyFile.Path}.");
        return key;
    }

    private async Task<(Dictionary<string, JsonNode> Ids, int Made)> SitesAsync(FleetPlan fleet, CancellationToken cancellation)
    {
        var ids = await SiteIdsAsync(cancellation);
        var made = 0;
        foreach (var site in fleet.Sites.Where(site => !ids.ContainsKey(site.Name)).ToList())
        {
            var item = new JsonObject { ["name"] = site.Name, ["timeZone"] = site.Zone.Id };
            if (await api.CreateAsync("/api/sites", item, cancellation) is { } answer)
            {
                ids[site.Name] = answer["id"] ?? throw new PortalRefusedException("POST /api/sites answered without \"id\". Check --portal.");
                made++;
            }
            else
            {
                ids = await SiteIdsAsync(cancellation);
                if (!ids.ContainsKey(site.Name))
                {
                    throw new PortalRefusedException($"The portal neither lists nor lets us make the site {site.Name}. Look at it in the portal.");
                }
            }
        }

        return (ids, made);
    }

    private async Task<Dictionary<string, JsonNode>> SiteIdsAsync(CancellationToken cancellation)
    {
        var ids = new Dictionary<string, JsonNode>();
        foreach (var site in await api.ListAsync("/api/sites", cancellation))
        {
            if (site["name"]?.ToString() is { } name && site["id"] is { } id) ids.TryAdd(name, id);
        }

        return ids;
    }

    private async Task<int> DevicesAsync(FleetPlan fleet, Dictionary<string, JsonNode> siteIds, CancellationToken cancellation)
    {
        var devices = await api.ListAsync("/api/devices", cancellation);
        var known = devices.Select(device => device["externalId"]?.ToString()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var made = 0;
        foreach (var meter in fleet.Meters.Where(meter => meter.Registered && !known.Contains(meter.Serial)))
        {
            var device = new JsonObject
            {
                ["siteId"] = siteIds[meter.Site.Name].DeepClone(), // opaque: goes back as it came
                ["name"] = meter.Name,
                ["externalId"] = meter.Serial,
                ["model"] = meter.Model,
                ["role"] = meter.Role,
            };
            if (await api.CreateAsync("/api/devices", device, cancellation) is not null) made++;
        }

        return made;
    }

    private async Task<string> NewKeyAsync(CancellationToken cancellation)
    {
        var answer = await api.CreateAsync("/api/ingest-keys", new() { ["name"] = KeyName }, cancellation);
        return answer?["key"]?.ToString() ?? throw new PortalRefusedException($"POST /api/ingest-keys did not answer with a key. Remove the key named {KeyName} in the portal, or check --portal.");
    }
}
