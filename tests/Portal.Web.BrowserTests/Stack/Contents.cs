using Portal.AppHost.Tests.EndToEnd;

namespace Portal.Web.BrowserTests.Stack;

/// <summary>What the customer's stack has to show: two sites, three meters, six hours of readings by the minute with a gap of one hour.</summary>
internal sealed record Contents(string SiteId, string DeviceId)
{
    private const int Minutes = 360;

    public static async Task<Contents> MakeAsync(int port)
    {
        foreach (var stack in new[] { TestPortal.Customer, AppHost.Topology.Stacks.AdminCode })
        {
            using var admin = await StackClient.SignInAsync(port, stack);
            await admin.CreateAsync("/api/users", new { email = TestPortal.ViewerEmail, password = AppHost.Local.AdminPassword.Default, role = "Viewer" });
        }

        using var client = await StackClient.SignInAsync(port, TestPortal.Customer);
        var cold = await SiteAsync(client, "Cold store");
        var mill = await SiteAsync(client, "Mill");
        var main = await DeviceAsync(client, cold, "Incomer", "AN100001");
        await DeviceAsync(client, cold, "Compressors", "AN100002", "sub");
        await DeviceAsync(client, mill, "Mill incomer", "AN100003");
        await PostAsync(client, "AN100001", "AN100002");
        return new Contents(cold, main);
    }

    private static async Task<string> SiteAsync(StackClient client, string name) =>
        (string)(await client.CreateAsync("/api/sites", new { name, timeZone = "Africa/Johannesburg" }))["id"]!;

    private static async Task<string> DeviceAsync(StackClient client, string siteId, string name, string externalId, string role = "main") =>
        (await client.CreateAsync("/api/devices", new { siteId, name, externalId, model = "Acuvim II", role }))["id"]!.ToString();

    private static async Task PostAsync(StackClient client, params string[] serials)
    {
        var key = await client.AddKeyAsync();
        var newest = TimeProvider.System.GetUtcNow();
        var minutes = Enumerable.Range(0, Minutes).Where(minute => minute is < 120 or >= 180);
        var measurements = serials.SelectMany(serial => minutes.Select(minute => new
        {
            externalId = serial,
            time = newest.AddMinutes(-minute),
            activePowerKw = Math.Round(100 + 40 * Math.Sin(minute / 40.0), 2),
            energyImportKwh = Math.Round(20_000 - minute * 1.6, 2),
        }));
        await client.MeterPostAsync("/api/ingest/measurements", key, new { measurements });
    }
}
