using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Data;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class TwoFactorTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task An_account_with_two_factor_asks_for_a_code_only_after_the_right_password()
    {
        var (email, password, key, _) = await WithTwoFactorAsync();
        using var client = api.BareClient();
        using var wrong = await LoginAsync(client, email, "wrong", null);
        await wrong.ProblemAsync(HttpStatusCode.Unauthorized, "invalid-credentials");
        using var missing = await LoginAsync(client, email, password, null);
        await missing.ProblemAsync(HttpStatusCode.Unauthorized, "two-factor-required");
        Assert.False(missing.Headers.Contains("Set-Cookie"));
        using var right = await LoginAsync(client, email, password, Totp(key));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [PostgresFact]
    public async Task A_recovery_code_is_taken_once_in_whichever_case_it_is_typed()
    {
        var (email, password, _, recovery) = await WithTwoFactorAsync();
        using var client = api.BareClient();
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, email, password, recovery.ToLowerInvariant())).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, email, password, recovery)).StatusCode);
    }

    [PostgresFact]
    public async Task Guessed_codes_are_paused_like_guessed_passwords()
    {
        var (email, password, key, _) = await WithTwoFactorAsync();
        using var client = api.BareClient();
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, email, password, "12ab56")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await LoginAsync(client, email, password, Totp(key))).StatusCode);
    }

    [PostgresFact]
    public async Task A_code_lets_in_once_even_within_its_half_minute()
    {
        var (email, password, key, _) = await WithTwoFactorAsync();
        using var client = api.BareClient();
        var code = Totp(key);
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, email, password, code)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, email, password, code)).StatusCode);
        api.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, email, password, Totp(key))).StatusCode);
    }

    [PostgresFact]
    public async Task Somebody_sets_up_an_app_and_switches_it_off_again_with_the_password()
    {
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        using var own = await api.SignedInAsync(email, password);
        using (var guess = await own.PostAsJsonAsync("/api/auth/two-factor/key", new TwoFactorRequest("wrong"))) await guess.InvalidAsync("password");
        using var begun = await own.PostAsJsonAsync("/api/auth/two-factor/key", new TwoFactorRequest(password));
        Assert.Equal("no-store", begun.Headers.CacheControl!.ToString());
        var made = await begun.ReadAsync<TwoFactorKey>();
        var key = Base32(made.Key.Replace(" ", "", StringComparison.Ordinal));
        Assert.StartsWith("otpauth://totp/abc0001.localhost:", made.Uri, StringComparison.Ordinal);

        // Until a code of it came back nothing has changed.
        using var client = api.BareClient();
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, email, password, null)).StatusCode);
        using (var wrong = await own.PostAsJsonAsync("/api/auth/two-factor/on", new TwoFactorConfirmation("000000"))) await wrong.InvalidAsync("code");
        var confirming = Totp(key);
        using var on = await own.PostAsJsonAsync("/api/auth/two-factor/on", new TwoFactorConfirmation(confirming));
        var codes = (await on.ReadAsync<RecoveryCodes>()).Codes;
        Assert.Equal(10, codes.Distinct().Count());
        Assert.Equal(new TwoFactorItem(true, 10), await (await own.GetAsync("/api/auth/two-factor")).ReadAsync<TwoFactorItem>());
        using (var missing = await LoginAsync(client, email, password, null)) await missing.ProblemAsync(HttpStatusCode.Unauthorized, "two-factor-required");
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, email, password, confirming)).StatusCode); // was taken
        using (var again = await own.PostAsJsonAsync("/api/auth/two-factor/key", new TwoFactorRequest(password))) await again.ProblemAsync(HttpStatusCode.Conflict, "two-factor-state");

        using var renewed = await own.PostAsJsonAsync("/api/auth/two-factor/recovery-codes", new TwoFactorRequest(password));
        Assert.Empty((await renewed.ReadAsync<RecoveryCodes>()).Codes.Intersect(codes));
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(client, email, password, codes[0])).StatusCode);

        using var off = await own.PostAsJsonAsync("/api/auth/two-factor/off", new TwoFactorRequest(password));
        Assert.Equal(new TwoFactorItem(false, 0), await off.ReadAsync<TwoFactorItem>());
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, email, password, null)).StatusCode);
    }

    [PostgresFact]
    public async Task Switching_it_on_ends_the_sessions_that_showed_no_code()
    {
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        using var own = await api.SignedInAsync(email, password);
        using var elsewhere = await api.SignedInAsync(email, password);
        await SetUpAsync(own, password, api.Clock.GetUtcNow());
        Assert.Equal(HttpStatusCode.OK, (await own.GetAsync("/api/auth/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.GetAsync("/api/auth/me")).StatusCode);
    }

    /// <summary>Sets it up as a person does.</summary>
    internal static async Task SetUpAsync(HttpClient own, string password, DateTimeOffset now)
    {
        using var begun = await own.PostAsJsonAsync("/api/auth/two-factor/key", new TwoFactorRequest(password));
        var key = Base32((await begun.ReadAsync<TwoFactorKey>()).Key.Replace(" ", "", StringComparison.Ordinal));
        using var on = await own.PostAsJsonAsync("/api/auth/two-factor/on", new TwoFactorConfirmation(Totp(key, now)));
        Assert.Equal(HttpStatusCode.OK, on.StatusCode);
    }

    [PostgresFact]
    public async Task An_admin_takes_the_second_factor_from_somebody_who_lost_the_phone()
    {
        var (email, password, _, recovery) = await WithTwoFactorAsync();
        using var admin = await api.AdminAsync();
        var users = await (await admin.GetAsync("/api/users")).ReadAsync<Page<UserItem>>();
        using var reset = await admin.DeleteAsync($"/api/users/{users.Items.Single(user => user.Email == email).Id}/two-factor");
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        using var client = api.BareClient();
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, email, password, null)).StatusCode);
        var audit = await (await admin.GetAsync("/api/audit")).ReadAsync<Page<Portal.Contracts.Audit.AuditItem>>();
        Assert.Contains(audit.Items, entry => entry.Action == "user.two-factor-reset" && entry.Subject == email);
        Assert.DoesNotContain(recovery, string.Join(' ', api.Log.All), StringComparison.Ordinal);
    }

    private async Task<(string Email, string Password, byte[] Key, string Recovery)> WithTwoFactorAsync()
    {
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        await using var scope = api.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var user = (await users.FindByNameAsync(email))!;
        await users.ResetAuthenticatorKeyAsync(user);
        await users.SetTwoFactorEnabledAsync(user, true);
        var recovery = (await users.GenerateNewTwoFactorRecoveryCodesAsync(user, 1))!.Single();
        return (email, password, Base32((await users.GetAuthenticatorKeyAsync(user))!), recovery);
    }

    private static Task<HttpResponseMessage> LoginAsync(HttpClient client, string email, string password, string? code) =>
        client.PostAsJsonAsync("/api/auth/login", new LoginRequest(email, password, code));

    // RFC 6238 with its defaults: SHA-1, 30 seconds, six digits.
    private string Totp(byte[] key) => Totp(key, api.Clock.GetUtcNow());

    internal static string Totp(byte[] key, DateTimeOffset now)
    {
        Span<byte> step = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, now.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // authenticator apps know nothing newer
        var hash = HMACSHA1.HashData(key, step);
#pragma warning restore CA5350
        var code = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (code % 1_000_000).ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
    }

    internal static byte[] Base32(string text)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(text.TrimEnd('=').Select(letter => Convert.ToString(alphabet.IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }
}
