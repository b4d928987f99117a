using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Portal.AppHost.Operations.Rotation;

/// <summary>A stack's API as its admin uses it: under the stack's public address, signed in. Secrets are in bodies alone.</summary>
internal sealed class StackApi : IDisposable
{
    // An answer of another version is an error that says so, rather than nulls.
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    private readonly HttpClient _http;
    private readonly Uri _url;

    /// <param name="handler">How it is reached; taken over.</param>
    public StackApi(Uri url, HttpMessageHandler handler)
    {
        _url = url;
        _http = new(handler) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Signs in.</summary>
    /// <exception cref="StepFailedException">The account is not let in, or the stack does not answer.</exception>
    public async Task SignInAsync(Credentials credentials, CancellationToken cancel)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/api/auth/login", new { email = credentials.Email, password = credentials.Password, code = credentials.Code }, cancel);
        if (answer.IsSuccessStatusCode) return;
        throw new StepFailedException(
            $"{_url.Host} does not let {credentials.Email} in: {await SaidAsync(answer, cancel)}",
            $"check the account; another one is named by {Credentials.EmailVariable}, its password by {Credentials.PasswordVariable}, the code of its second factor by {Credentials.CodeVariable}.");
    }

    /// <summary>Whether an account is let in with this password; asked with a session of its own that ends at once.</summary>
    public async Task<bool> LetsInAsync(Credentials credentials, CancellationToken cancel)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/api/auth/login", new { email = credentials.Email, password = credentials.Password, code = credentials.Code }, cancel);
        if (answer.IsSuccessStatusCode) await SignOutAsync(cancel);
        return answer.IsSuccessStatusCode;
    }

    public async Task SignOutAsync(CancellationToken cancel)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/api/auth/logout", null, cancel);
    }

    /// <summary>Asks, and reads the answer.</summary>
    /// <exception cref="StepFailedException">It was refused, or the stack does not answer.</exception>
    public async Task<T> CallAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        using var answer = await SendAsync(method, path, body, cancel);
        await RequireAsync(answer, path, cancel);
        return await answer.Content.ReadFromJsonAsync<T>(Strict, cancel) ?? throw new JsonException($"{path} answered null.");
    }

    /// <summary>The same where the answer has nothing to read.</summary>
    public async Task CallAsync(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        using var answer = await SendAsync(method, path, body, cancel);
        await RequireAsync(answer, path, cancel);
    }

    /// <summary>All of a list that comes in pages.</summary>
    public async Task<IReadOnlyList<T>> AllAsync<T>(string path, CancellationToken cancel)
    {
        List<T> all = [];
        string? next = null;
        do
        {
            var page = await CallAsync<Page<T>>(HttpMethod.Get, next is null ? path : $"{path}?cursor={Uri.EscapeDataString(next)}", null, cancel);
            all.AddRange(page.Items);
            next = page.Items.Count == 0 ? null : page.Next;
        }
        while (next is not null);
        return all;
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, options: Strict) };
            return await _http.SendAsync(request, cancel);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            throw new StepFailedException($"{_url} does not answer: {e.InnerException?.Message ?? e.Message}", "see that it is reachable from here; --resolve says where it is, --ca whose certificates to believe.");
        }
    }

    private async Task RequireAsync(HttpResponseMessage answer, string path, CancellationToken cancel)
    {
        if (!answer.IsSuccessStatusCode) throw new StepFailedException($"{_url.Host}{path} answered {await SaidAsync(answer, cancel)}");
    }

    // A problem's own words; what else comes is a proxy's page.
    private static async Task<string> SaidAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var status = $"{(int)answer.StatusCode}";
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return answer.StatusCode == HttpStatusCode.NotFound ? $"{status}: is that the right stack?" : status;
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancel));
        var words = ((string[])["title", "detail"]).Select(name => problem.RootElement.TryGetProperty(name, out var said) ? said.GetString() : null).OfType<string>();
        var fields = problem.RootElement.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Object
            ? errors.EnumerateObject().Select(field => $"{field.Name}: {string.Join(" ", field.Value.EnumerateArray().Select(text => text.GetString()))}")
            : [];
        return $"{status}: {string.Join(" ", words.Concat(fields))}";
    }

    private sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
}
