using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
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
    public async Task A_recovery_code_is_taken_once()
    {
        var (email, password, _, recovery) = await WithTwoFactorAsync();
        using var client = api.BareClient();
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, email, password, recovery)).StatusCode);
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

    // RFC 6238 with its defaults: SHA-1, 30 seconds, six digits, by the real clock as Identity has it.
    private static string Totp(byte[] key)
    {
        Span<byte> step = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // authenticator apps know nothing newer
        var hash = HMACSHA1.HashData(key, step);
#pragma warning restore CA5350
        var code = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (code % 1_000_000).ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static byte[] Base32(string text)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(text.TrimEnd('=').Select(letter => Convert.ToString(alphabet.IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }
}
