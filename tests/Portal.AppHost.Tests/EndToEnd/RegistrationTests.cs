using System.Text.Json.Nodes;
using Portal.AppHost.Local;
using Portal.AppHost.Registration;
using Portal.AppHost.Tests.Processes;
using Portal.Testing;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary><c>./portal up</c> makes its customers known at the operators' stack, so that they push from the first minute.</summary>
[Collection(WholeProduct.Name)]
public sealed class RegistrationTests(TwoCustomers portal)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [PostgresFact]
    public async Task Up_registers_every_customer_and_says_so()
    {
        var said = $"2 customers push to http://admin.localhost:{portal.Port}.";
        Assert.Equal(said, (string?)(await portal.StatusAsync())["fleet"]);
        Assert.Contains($"Fleet: {said}", (await portal.RunAsync("status")).Output, StringComparison.Ordinal);
        foreach (var code in (string[])["ABC0001", "XYZ0002"])
        {
            Assert.Equal($"Customer {code}", (string?)(await CustomerAsync(code))["name"]);
            await AssertInForceAsync(code);
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(TokenFile(code)));
        }
    }

    [PostgresFact]
    public async Task A_token_is_seen_in_its_file_and_nowhere_else()
    {
        var said = string.Join('\n', portal.UpOutput, (await portal.StatusAsync()).ToJsonString(), (await portal.RunAsync("status")).Output);
        var files = Directory.GetFiles(Path.Combine(portal.Folder, "logs"), "*", SearchOption.AllDirectories).Append(Path.Combine(portal.Folder, "state.json"));
        foreach (var token in (string[])[await TokenAsync("ABC0001"), await TokenAsync("XYZ0002")])
        {
            Assert.DoesNotContain(token, said, StringComparison.Ordinal);
            foreach (var file in files) Assert.DoesNotContain(token, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        }
    }

    [PostgresFact]
    public async Task A_token_that_is_lost_or_not_in_force_is_made_anew_and_no_other_is_touched()
    {
        var (abc, xyz) = (await TokenAsync("ABC0001"), await TokenAsync("XYZ0002"));

        Assert.StartsWith("2 customers push", await RegisterAsync(), StringComparison.Ordinal);
        Assert.Equal((abc, xyz), (await TokenAsync("ABC0001"), await TokenAsync("XYZ0002")));

        File.Delete(TokenFile("XYZ0002"));
        await RegisterAsync();
        Assert.NotEqual(xyz, await TokenAsync("XYZ0002"));
        await AssertInForceAsync("XYZ0002");

        // The one that was in force before the last rotation, as after a state folder was put back from a copy.
        await File.WriteAllTextAsync(TokenFile("XYZ0002"), xyz);
        await RegisterAsync();
        await AssertInForceAsync("XYZ0002");
        Assert.Equal(abc, await TokenAsync("ABC0001"));
    }

    [PostgresFact]
    public async Task A_customer_that_an_operator_switched_off_stays_off()
    {
        using var admin = await StackClient.SignInAsync(portal.Port, "admin");
        var customer = await CustomerAsync("XYZ0002");
        await admin.ChangeAsync($"/api/fleet/customers/{customer["id"]}", new { code = "XYZ0002", name = "Customer XYZ0002", active = false });
        try
        {
            Assert.Equal($"1 customer pushes to http://admin.localhost:{portal.Port}; XYZ0002 is switched off there.", await RegisterAsync());
            Assert.False((bool)(await CustomerAsync("XYZ0002"))["active"]!);
        }
        finally
        {
            await admin.ChangeAsync($"/api/fleet/customers/{customer["id"]}", new { code = "XYZ0002", name = "Customer XYZ0002", active = true });
        }
    }

    [PostgresFact]
    public async Task Where_the_password_was_changed_a_person_is_told_what_to_do()
    {
        var said = await RegisterAsync("Another-word-1");

        Assert.Contains("does not let admin@portal.local in", said, StringComparison.Ordinal);
        Assert.Contains("push with the tokens that they have", said, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("abc0001", "fleet-token"), said, StringComparison.Ordinal);
        Assert.DoesNotContain("Another-word-1", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_answers_it_says_so_and_goes_on_until_it_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var registration = new CustomerRegistration(new UpOptions { Port = FreePort.Next() }, "any", new StateFolder(portal.Folder), TimeProvider.System);
        var started = registration.StartAsync(_ => { }, stop.Token);

        await Shell.EventuallyAsync(() => registration.Said is not null, "it says nothing");
        Assert.Contains("tried again until it works", registration.Said, StringComparison.Ordinal);
        await stop.CancelAsync();
        await started;
        await registration.EndAsync();
    }

    /// <summary>What <c>./portal up</c> does once everything is ready; returns what it said last.</summary>
    private async Task<string> RegisterAsync(string? password = null)
    {
        var registration = new CustomerRegistration(
            new UpOptions { Port = portal.Port, Customers = 2 }, password ?? AdminPassword.Default, new StateFolder(portal.Folder), TimeProvider.System);
        await registration.StartAsync(_ => { }, CancellationToken.None);
        await registration.EndAsync();
        return registration.Said!;
    }

    private async Task AssertInForceAsync(string code)
    {
        Assert.StartsWith((string)(await CustomerAsync(code))["tokenPrefix"]!, await TokenAsync(code), StringComparison.Ordinal);
        Assert.Matches("^pft_[A-Za-z0-9_-]{40,}$", await TokenAsync(code));
    }

    private async Task<JsonNode> CustomerAsync(string code)
    {
        using var admin = await StackClient.SignInAsync(portal.Port, "admin");
        return (await admin.GetAsync("/api/fleet/customers"))["items"]!.AsArray().Single(customer => (string?)customer!["code"] == code)!;
    }

    private Task<string> TokenAsync(string code) => File.ReadAllTextAsync(TokenFile(code));

    private string TokenFile(string code) => new StateFolder(portal.Folder).Secret(code.ToLowerInvariant(), "fleet-token");
}
