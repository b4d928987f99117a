using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.AppHost.Local;
using Portal.AppHost.Tests.EndToEnd;
using Portal.AppHost.Topology;
using Portal.Web.BrowserTests.Browsing;
using Portal.Web.BrowserTests.Stack;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.BrowserTests;

[Collection(PortalTests.Name)]
public sealed class AccountTests(TestPortal portal)
{
    private const string Email = "invited@portal.local";
    private const string Password = "Chosen-by-me-9";

    [BrowserFact]
    public async Task Somebody_invited_by_a_link_chooses_a_password_sets_up_an_app_and_signs_in_with_its_code()
    {
        await using var admin = await portal.OpenAsync();
        await admin.GoAsync("/settings/users");
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "New user" }).ClickAsync();
        await admin.Page.Locator("input[name=email]").FillAsync(Email);
        await admin.Page.Locator("select[name=wayIn]").SelectOptionAsync("link"); // this stack has a provider, which comes first
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Create user" }).ClickAsync();
        var link = await admin.Page.Locator(".secret code").InnerTextAsync();
        await Expect(admin.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = Email })).ToContainTextAsync("invited");

        await using var invited = await portal.OpenAsync(email: null);
        await invited.Page.GotoAsync(link);
        await Expect(invited.Page.Locator("#secret")).ToBeHiddenAsync();
        await Expect(invited.Page).Not.ToHaveURLAsync(new Regex("pal_"));
        await invited.Page.FillAsync("#new", Password);
        await invited.Page.FillAsync("#again", Password);
        await invited.Page.ClickAsync("button[type=submit]");
        await Expect(invited.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Your password is set.");
        await invited.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await invited.SubmitAsync(Email, Password);
        await invited.SignedInAsync();

        await invited.GoAsync("/account");
        await invited.Page.Locator("input[name=password]").FillAsync(Password);
        await invited.Page.GetByRole(AriaRole.Button, new() { Name = "Set up an app" }).ClickAsync();
        var key = await invited.Page.Locator(".scan code").InnerTextAsync();
        await Expect(invited.Page.GetByRole(AriaRole.Img, new() { Name = "Key for the authenticator app" })).ToBeVisibleAsync();
        await invited.Page.Locator("input[name=code]").FillAsync(Code(key));
        await invited.Page.GetByRole(AriaRole.Button, new() { Name = "Switch on" }).ClickAsync();
        var recovery = (await invited.Page.Locator(".secret code").InnerTextAsync()).Split(' ');
        Assert.Equal(10, recovery.Length);
        Assert.Empty(await Axe.SeriousAsync(invited.Page));
        await invited.Page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        Assert.Empty(invited.Complaints);

        await using var later = await portal.OpenAsync(email: null);
        await later.Page.GotoAsync("/sign-in");
        await later.SubmitAsync(Email, Password);
        await Expect(later.Page.GetByText($"One more step for {Email}.")).ToBeVisibleAsync();
        Assert.Empty(await Axe.SeriousAsync(later.Page));
        await later.Page.FillAsync("#code", "000000");
        await later.Page.ClickAsync("button[type=submit]");
        await Expect(later.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This code is not right");
        await later.Page.FillAsync("#code", recovery[0]);
        await later.Page.ClickAsync("button[type=submit]");
        await Expect(later.Page.Locator("h1")).ToHaveTextAsync("Overview");

        await using var again = await portal.OpenAsync(email: null);
        await again.Page.GotoAsync(link);
        await again.Page.FillAsync("#new", Password);
        await again.Page.FillAsync("#again", Password);
        await again.Page.ClickAsync("button[type=submit]");
        await Expect(again.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This link can't be used");
    }

    [BrowserFact]
    public async Task An_admin_of_a_stack_that_wants_two_factor_is_led_to_set_it_up_and_on_from_there()
    {
        await using var strict = new RunningPortal();
        var (exitCode, output) = await strict.UpAsync(customers: 1, new() { ["SignIn__AdminsNeedTwoFactor"] = "true" });
        Assert.True(exitCode == 0, output);
        await using var admin = await portal.OpenAtAsync($"http://{TestPortal.Customer}.localhost:{strict.Port}");
        await admin.Page.GotoAsync("/settings/users");
        await admin.SubmitAsync(Stacks.AdminEmail, AdminPassword.Default);
        await admin.AtAsync("/account$");
        await admin.LiveAsync();
        await Expect(admin.Page.Locator(".notice")).ToHaveTextAsync("Your role needs two-factor sign-in. Set up an authenticator app to go on.");
        Assert.Empty(await Axe.SeriousAsync(admin.Page));
        await admin.GoAsync("/sites");
        await admin.AtAsync("/account$");

        await admin.Page.Locator("input[name=password]").FillAsync(AdminPassword.Default);
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Set up an app" }).ClickAsync();
        var key = await admin.Page.Locator(".scan code").InnerTextAsync();
        await admin.Page.Locator("input[name=code]").FillAsync(Code(key));
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Switch on" }).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        await Expect(admin.Page.Locator("h1")).ToHaveTextAsync("Overview");
        await admin.GoAsync("/settings/users");
        await Expect(admin.Page.Locator("h1")).ToHaveTextAsync("Users");
        await admin.GoAsync("/account");
        await Expect(admin.Page.GetByText("so it stays on")).ToBeVisibleAsync();
        Assert.Empty(admin.Complaints);
    }

    // RFC 6238 with its defaults, as an app has it; the key in base 32.
    private static string Code(string key)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(key.Where(char.IsLetterOrDigit).Select(letter => Convert.ToString(alphabet.IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        byte[] bytes = [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
        Span<byte> step = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // authenticator apps know nothing newer
        var hash = HMACSHA1.HashData(bytes, step);
#pragma warning restore CA5350
        return ((BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue) % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }
}
