using System.Net;
using Portal.AppHost.Local;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Checks;
using Portal.AppHost.Operations.Rotation;
using Portal.AppHost.Tests.Manifests;
using Portal.AppHost.Tests.Operations;
using Portal.AppHost.Tests.Processes;
using Portal.AppHost.Topology;
using Portal.Testing;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>Secrets that are changed through the product's own API.</summary>
[Collection(WholeProduct.Name)]
public sealed class RotationTests(TwoCustomers portal) : IDisposable
{
    private static readonly Consent Yes = new() { Given = "yes" };
    private static readonly Credentials Admin = new(Stacks.AdminEmail, AdminPassword.Default, null);

    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-rotation-").FullName;
    private readonly StringWriter _output = new();
    private readonly FakeTools _tools = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _tools.Dispose();
    }

    [PostgresFact]
    public async Task A_key_gets_a_successor_and_ends_once_meters_post_with_that()
    {
        var rotation = new IngestKeyRotation(await StackAsync(), Address);
        using var xyz = await StackClient.SignInAsync(portal.Port, "xyz0002");
        await xyz.AddDeviceAsync("RENEWED");
        var old = (string)(await xyz.CreateAsync("/api/ingest-keys", new { name = "a logger of its own" }))["key"]!;
        await PostAsync(xyz, old, HttpStatusCode.OK);

        Assert.Equal(0, await rotation.Make(Admin, old[..8], null).RunAsync(Yes, _output, CancellationToken.None));
        var key = _output.ToString().Split('\n').Select(line => line.Trim()).Single(line => line.StartsWith("pik_", StringComparison.Ordinal));
        await PostAsync(xyz, old, HttpStatusCode.OK);
        Assert.Equal(1, await rotation.Revoke(Admin, old[..8]).RunAsync(Yes, _output, CancellationToken.None));
        Assert.Contains("nobody has posted with the new one yet", _output.ToString(), StringComparison.Ordinal);

        await PostAsync(xyz, key, HttpStatusCode.OK);
        // When a key was used is written within a minute or so.
        await Shell.EventuallyAsync(async () => await rotation.Revoke(Admin, old[..8]).RunAsync(Yes, _output, CancellationToken.None) == 0, "the old key is not revoked", TimeSpan.FromMinutes(3));
        await PostAsync(xyz, old, HttpStatusCode.Unauthorized);
        await PostAsync(xyz, key, HttpStatusCode.OK);
    }

    [PostgresFact]
    public async Task The_first_admins_password_is_changed_proven_and_written()
    {
        var stack = await StackAsync();
        var rotation = PendingRotation.Take(stack, "Authentication__DefaultAdminPassword", null);
        try
        {
            Assert.Equal(0, await new AccountRotation(stack, Address).Password(rotation, Admin).RunAsync(Yes, _output, CancellationToken.None));

            using var api = new StackApi(stack.PublicUrl!, Address.Handler());
            Assert.False(await api.LetsInAsync(Admin, CancellationToken.None));
            Assert.True(await api.LetsInAsync(Admin with { Password = rotation.New }, CancellationToken.None));
            Assert.Equal(rotation.New, stack.Variables["Authentication__DefaultAdminPassword"]);
            Assert.DoesNotContain(rotation.New, _output.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            using var api = new StackApi(stack.PublicUrl!, Address.Handler());
            await api.SignInAsync(Admin with { Password = rotation.New }, CancellationToken.None);
            await api.CallAsync(HttpMethod.Post, "/api/auth/password", new { currentPassword = rotation.New, newPassword = AdminPassword.Default }, CancellationToken.None);
        }
    }

    [PostgresFact]
    public async Task A_new_fleet_token_is_written_to_its_file_and_the_push_goes_on_with_it()
    {
        var stack = await StackAsync();
        _tools.WithDocker().Answer("docker", "exec *", "t|");
        var host = await StackHost.FindAsync(stack, _tools.Box, TimeProvider.System, CancellationToken.None);
        using var xyz = await StackClient.SignInAsync(portal.Port, "xyz0002");
        var running = Path.Combine(portal.Folder, "xyz0002", "fleet-token");
        var old = await File.ReadAllTextAsync(running);

        Assert.Equal(0, await new FleetTokenRotation(stack, host, Address, TimeProvider.System).Token(Admin).RunAsync(Yes, _output, CancellationToken.None));

        var token = await File.ReadAllTextAsync(stack.Directory.FleetToken);
        Assert.NotEqual(old, token);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(stack.Directory.FleetToken));
        Assert.DoesNotContain(token, _output.ToString(), StringComparison.Ordinal);
        // What runs has its token elsewhere.
        await File.WriteAllTextAsync(running, token);
        var before = TimeProvider.System.GetUtcNow();
        await Shell.EventuallyAsync(
            async () => (await xyz.GetAsync("/api/fleet-push/status")) is var status && !(bool)status["paused"]! && (DateTimeOffset?)status["lastSuccessAt"] > before,
            "the push does not go on with the new token", TimeSpan.FromMinutes(2));
    }

    private PublicAddress Address => new(new IPEndPoint(IPAddress.Loopback, portal.Port), null);

    // The running stack as one that was published: reached under the same name.
    private async Task<DeployedStack> StackAsync()
    {
        await Published.ToAsync(_folder, Published.Customer with
        {
            Name = "xyz0002", Host = "xyz0002.localhost", AdminEmail = Stacks.AdminEmail, FleetUrl = $"http://admin.localhost:{portal.Port}/api/fleet/ingest",
        });
        await File.AppendAllTextAsync(Path.Combine(_folder, ".env"), $"PUBLIC_SCHEME=http\nPUBLIC_PORT=:{portal.Port}\n");
        return DeployedStack.Open(_folder);
    }

    private static async Task PostAsync(StackClient stack, string key, HttpStatusCode expected)
    {
        using var answer = await stack.PostAsMeterAsync("/api/ingest/measurements", key, new { measurements = new[] { new { externalId = "RENEWED", time = TimeProvider.System.GetUtcNow().AddHours(-1), activePowerKw = 1.0 } } });
        Assert.Equal(expected, answer.StatusCode);
    }
}
