using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MeterSimulator.Commands;
using MeterSimulator.Fleet;

namespace MeterSimulator.Tests;

public sealed class ProvisioningTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meter-simulator-").FullName;
    private readonly CollectedLog _log = new();

    private string KeyPath => Path.Combine(_folder, "stack", "simulator-key");

    [Fact]
    public async Task Sites_devices_and_a_key_are_made_and_the_first_reading_is_accepted()
    {
        await using var portal = await VirtualPortal.StartAsync();
        Assert.Equal(RunAction.Done, await RunOnceAsync(portal));

        Assert.Equal(5, portal.Sites.Count);
        Assert.Equal(8, portal.Devices.Count);
        Assert.All(portal.Sites, site => Assert.Equal("Africa/Johannesburg", site["timeZone"]!.ToString()));
        var panels = portal.Devices.Single(device => device["name"]!.ToString() == "Rooftop PV");
        Assert.Equal("generation", panels["role"]!.ToString());
        Assert.Equal("Acuvim II", panels["model"]!.ToString());
        Assert.Contains(portal.Sites, site => site["id"]!.ToString() == panels["siteId"]!.ToString());
        var key = Assert.Single(portal.Keys);
        Assert.Equal(key, (await File.ReadAllTextAsync(KeyPath)).Trim());
        Assert.All(portal.Posts, post => Assert.Equal($"Bearer {key}", post.Authorization));
        Assert.DoesNotContain(key, _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(VirtualPortal.Password, _log.Text, StringComparison.Ordinal);
        Assert.Contains("0 rejected", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_its_owner_can_read_the_key_file()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var portal = await VirtualPortal.StartAsync();
        await RunOnceAsync(portal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
    }

    [Fact]
    public async Task A_second_start_finds_everything_on_whichever_page_and_makes_nothing()
    {
        await using var portal = await VirtualPortal.StartAsync();
        await RunOnceAsync(portal);
        var before = string.Join("\n", portal.Sites.Concat(portal.Devices).Select(item => item.ToJsonString()));
        Assert.Equal(RunAction.Done, await RunOnceAsync(portal));
        Assert.Equal(before, string.Join("\n", portal.Sites.Concat(portal.Devices).Select(item => item.ToJsonString())));
        Assert.Single(portal.Keys);
    }

    [Fact]
    public async Task What_was_registered_under_other_names_is_left_as_it_is()
    {
        await using var portal = await VirtualPortal.StartAsync();
        var first = FleetPlan.Create(new FleetOptions()).Meters[0];
        portal.Devices.Add(new() { ["id"] = "mine", ["externalId"] = first.Serial, ["name"] = "Renamed by hand" });
        await RunOnceAsync(portal);
        Assert.Equal(8, portal.Devices.Count);
        Assert.Equal("Renamed by hand", portal.Devices[0]["name"]!.ToString());
    }

    [Fact]
    public async Task A_created_site_whose_answer_was_lost_is_found_again()
    {
        await using var portal = await VirtualPortal.StartAsync();
        var lost = false;
        portal.Api = request =>
        {
            if (lost || request.Method != "POST" || request.Path != "/api/sites") return null;
            lost = true;
            portal.Sites.Add(new() { ["id"] = "kept", ["name"] = "Cape Town Cold Store" });
            request.HttpContext.Abort(); // stored, but the answer never got through
            return Results.Empty;
        };
        Assert.Equal(RunAction.Done, await RunOnceAsync(portal));
        Assert.Equal(5, portal.Sites.Count);
        Assert.Equal(3, portal.Devices.Count(device => device["siteId"]!.ToString() == "kept"));
    }

    [Fact]
    public async Task It_waits_for_a_portal_that_is_still_starting()
    {
        await using var portal = await VirtualPortal.StartAsync();
        var busy = 3;
        portal.Api = _ => Interlocked.Decrement(ref busy) >= 0 ? Results.Problem(statusCode: 503, title: "Starting") : null;
        Assert.Equal(RunAction.Done, await RunOnceAsync(portal));
        Assert.Equal(8, portal.Devices.Count);
        Assert.Contains("503 Service Unavailable: Starting", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_ends_with_what_to_check()
    {
        await using var portal = await VirtualPortal.StartAsync();
        Assert.Equal(RunAction.NotStarted, await RunOnceAsync(portal, password: "wrong-one"));
        Assert.Contains("SIMULATOR_ADMIN_PASSWORD", _log.Text, StringComparison.Ordinal);
        Assert.Contains("401 Unauthorized: Sign-in failed", _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-one", _log.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyPath));
    }

    [Fact]
    public async Task A_refused_registration_says_what_the_server_said()
    {
        await using var portal = await VirtualPortal.StartAsync();
        portal.Api = request => request.Path == "/api/devices" && request.Method == "POST"
            ? Results.ValidationProblem(new Dictionary<string, string[]> { ["role"] = ["is not one of main, sub"] })
            : null;
        Assert.Equal(RunAction.NotStarted, await RunOnceAsync(portal));
        Assert.Contains("is not one of main, sub", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_admin_a_given_key_is_used_and_nothing_is_registered()
    {
        await using var portal = await VirtualPortal.StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(KeyPath)!);
        await File.WriteAllTextAsync(KeyPath, "pik_given\n");
        Assert.Equal(RunAction.Done, await RunOnceAsync(portal, email: null));
        Assert.Empty(portal.Devices);
        Assert.All(portal.Posts, post => Assert.Equal("Bearer pik_given", post.Authorization));
    }

    [Theory]
    [InlineData(null, null, "--admin-email")]
    [InlineData(VirtualPortal.Email, null, "SIMULATOR_ADMIN_PASSWORD")]
    public async Task What_is_missing_is_named(string? email, string? password, string named)
    {
        await using var portal = await VirtualPortal.StartAsync();
        Assert.Equal(RunAction.NotStarted, await RunOnceAsync(portal, email, password));
        Assert.Contains(named, _log.Text, StringComparison.Ordinal);
        Assert.Equal(0, portal.Requests);
    }

    [Fact]
    public async Task A_key_that_can_not_be_kept_is_not_made()
    {
        await using var portal = await VirtualPortal.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "stack"), "a file where the folder should be");
        Assert.Equal(RunAction.NotStarted, await RunOnceAsync(portal));
        Assert.Empty(portal.Keys);
        Assert.Contains("--key-file", _log.Text, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<int> RunOnceAsync(VirtualPortal portal, string? email = VirtualPortal.Email, string? password = VirtualPortal.Password) =>
        RunAction.RunAsync(
            new(portal.Url, VirtualPortal.Host, email, KeyPath, new() { Once = true }),
            password, _log, TimeProvider.System, CancellationToken.None);
}
