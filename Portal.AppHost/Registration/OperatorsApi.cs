using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Portal.AppHost.Registration;

/// <summary>The operators' stack as a program of an operator's uses it: by its public API, through the gateway, signed in.</summary>
internal sealed class OperatorsApi : IDisposable
{
    // An answer of another version is an error that says so, rather than nulls.
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };
    private readonly HttpClient _http;

    /// <param name="gateway">The gateway's address on this machine.</param>
    /// <param name="host">The stack's name there, with the port; names below .localhost don't resolve in .NET.</param>
    public OperatorsApi(string gateway, string host)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
        {
            BaseAddress = new Uri(gateway),
            // One answer writes a row or lists two hundred customers; a machine that is still starting may need seconds for it.
            Timeout = TimeSpan.FromSeconds(30),
        };
        _http.DefaultRequestHeaders.Host = host;
    }

    /// <returns>False where the account is not let in with this password alone.</returns>
    /// <exception cref="HttpRequestException">No answer, or one that says to come again (the same holds for what follows).</exception>
    public async Task<bool> SignInAsync(string email, string password, CancellationToken cancel)
    {
        using var answer = await _http.PostAsJsonAsync("/api/auth/login", new { email, password }, cancel);
        if (answer.StatusCode == HttpStatusCode.Unauthorized) return false;
        answer.EnsureSuccessStatusCode();
        // A stack that wants two-factor of its admins opens nothing else until they have it.
        return (await answer.Content.ReadFromJsonAsync<SignedIn>(Strict, cancel) ?? throw new JsonException("/api/auth/login answered null.")).Role == "Admin";
    }

    /// <summary>Ends the session, so that starts don't pile them up.</summary>
    public async Task SignOutAsync(CancellationToken cancel)
    {
        using var answer = await _http.PostAsync("/api/auth/logout", null, cancel);
    }

    /// <summary>Every customer that is registered, by its code.</summary>
    public async Task<Dictionary<string, RegisteredCustomer>> CustomersAsync(CancellationToken cancel)
    {
        var all = new Dictionary<string, RegisteredCustomer>();
        string? next = null;
        do
        {
            var path = next is null ? "/api/fleet/customers" : $"/api/fleet/customers?cursor={Uri.EscapeDataString(next)}";
            var page = await _http.GetFromJsonAsync<Page>(path, Strict, cancel) ?? throw new JsonException($"{path} answered null.");
            foreach (var customer in page.Items) all[customer.Code] = customer;
            next = page.Items.Count == 0 ? null : page.Next;
        }
        while (next is not null);
        return all;
    }

    /// <summary>Registers a customer.</summary>
    /// <returns>Its push token, which is shown this once.</returns>
    public Task<string> RegisterAsync(string code, string name, CancellationToken cancel) => TokenAsync("/api/fleet/customers", new { code, name }, cancel);

    /// <summary>Puts a new push token in the place of the one in force.</summary>
    public Task<string> RotateAsync(int id, CancellationToken cancel) => TokenAsync($"/api/fleet/customers/{id}/rotate-token", null, cancel);

    public void Dispose() => _http.Dispose();

    private async Task<string> TokenAsync(string path, object? body, CancellationToken cancel)
    {
        using var content = body is null ? null : JsonContent.Create(body);
        using var answer = await _http.PostAsync(path, content, cancel);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<Issued>(Strict, cancel) ?? throw new JsonException($"{path} answered null.")).Token;
    }

    private sealed record Page(IReadOnlyList<RegisteredCustomer> Items, string? Next);

    private sealed record Issued(string Token);

    private sealed record SignedIn(string Role);
}

/// <summary>A customer as the operators' stack knows it.</summary>
/// <param name="Active">False: an operator switched it off, and its pushes are refused.</param>
/// <param name="TokenPrefix">How the token in force begins.</param>
internal sealed record RegisteredCustomer(int Id, string Code, bool Active, string TokenPrefix);
