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
        foreach (var site in fleet.Sites)
        {
            while (!ids.ContainsKey(site.Name))
            {
                var item = new JsonObject { ["name"] = site.Name, ["timeZone"] = site.Zone.Id };
                var creation = await api.CreateAsync("/api/sites", item, cancellation);
                if (creation.Item?["id"] is { } id)
                {
                    ids[site.Name] = id;
                    made++;
                }
                else if (creation.IsLost)
                {
                    ids = await SiteIdsAsync(cancellation); // names are not unique there: look before trying again
                }
                else
                {
                    throw new PortalRefusedException($"The portal does not register the site {site.Name} ({creation.Said}). Make room for it, or give fewer --devices.");
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
        var known = devices.Select(device => device["externalId"]?.ToString()).ToHashSet(StringComparer.Ordinal);
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
            Creation creation;
            do creation = await api.CreateAsync("/api/devices", device.DeepClone().AsObject(), cancellation);
            while (creation.IsLost); // serials are unique there: a second attempt can't make a second one
            if (creation.Item is not null) made++;
            else log($"{meter.Serial}: {creation.Said}");
        }

        return made;
    }

    private async Task<string> NewKeyAsync(CancellationToken cancellation)
    {
        Creation creation;
        do creation = await api.CreateAsync("/api/ingest-keys", new() { ["name"] = KeyName }, cancellation);
        while (creation.IsLost); // a key that nobody was told of opens nothing
        return creation.Item?["key"]?.ToString()
            ?? throw new PortalRefusedException(
                $"The portal made no ingest key ({creation.Said}). Revoke the one named {KeyName} there, or put a valid one into --key-file.");
    }
}
