using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.AppHost.Local;
using Portal.AppHost.Tests.Processes;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>One stack as the world sees it: through the gateway, by its host name.</summary>
internal sealed class StackClient : IDisposable
{
    private readonly HttpClient _http;

    private StackClient(HttpClient http) => _http = http;

    /// <summary>Nobody, yet.</summary>
    public static StackClient Of(int port, string code)
    {
        // Names below .localhost don't resolve in .NET, so the address says where and the header says whom.
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            Timeout = TimeSpan.FromSeconds(60),
        };
        http.DefaultRequestHeaders.Host = $"{code}.localhost:{port}";
        return new(http);
    }

    /// <summary>Signed in as the stack's first admin.</summary>
    public static async Task<StackClient> SignInAsync(int port, string code)
    {
        var client = Of(port, code);
        await client.CreateAsync("/api/auth/login", new { email = Stacks.AdminEmail, password = AdminPassword.Default });
        return client;
    }

    /// <summary>Posts JSON, insists on success, returns the answer.</summary>
    public async Task<JsonNode> CreateAsync(string path, object body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body);
        return await SuccessAsync(answer, path);
    }

    /// <summary>Waits until it answers again, once something below it was killed: whoever asks too early is told so.</summary>
    public Task AnswersAsync(string path) => Shell.EventuallyAsync(
        async () =>
        {
            using var answer = await _http.GetAsync(path);
            return answer.StatusCode != HttpStatusCode.ServiceUnavailable;
        },
        $"{path} stays away", TimeSpan.FromMinutes(1));

    /// <summary>Puts JSON, insists on success, returns the answer.</summary>
    public async Task<JsonNode> ChangeAsync(string path, object body)
    {
        using var answer = await _http.PutAsJsonAsync(path, body);
        return await SuccessAsync(answer, path);
    }

    /// <summary>Deletes, insists on success.</summary>
    public async Task DeleteAsync(string path)
    {
        using var answer = await _http.DeleteAsync(path);
        await SuccessAsync(answer, path);
    }

    /// <summary>Gets JSON, insists on success.</summary>
    public async Task<JsonNode> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        return await SuccessAsync(answer, path);
    }

    /// <summary>A device on a site of its own; its id.</summary>
    public async Task<string> AddDeviceAsync(string externalId)
    {
        var site = await CreateAsync("/api/sites", new { name = $"Site of {externalId}", timeZone = "Africa/Johannesburg" });
        var device = await CreateAsync("/api/devices", new { siteId = site["id"]!.ToString(), name = externalId, externalId, model = "Acuvim II" });
        return device["id"]!.ToString();
    }

    /// <summary>A new ingest key.</summary>
    public async Task<string> AddKeyAsync() => (string)(await CreateAsync("/api/ingest-keys", new { name = "a logger" }))["key"]!;

    /// <summary>Posts as a meter does; the bare answer.</summary>
    public async Task<HttpResponseMessage> PostAsMeterAsync(string path, string key, object body)
    {
        using var post = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        post.Headers.Authorization = new("Bearer", key);
        return await _http.SendAsync(post);
    }

    /// <summary>Posts as a meter does, insists on success, returns the answer.</summary>
    public async Task<JsonNode> MeterPostAsync(string path, string key, object body)
    {
        using var answer = await PostAsMeterAsync(path, key, body);
        return await SuccessAsync(answer, path);
    }

    /// <summary>All measurements of a device, newest first, page after page.</summary>
    public async Task<List<JsonNode>> MeasurementsAsync(string device)
    {
        var all = new List<JsonNode>();
        string? cursor = null;
        do
        {
            var page = await GetAsync($"/api/devices/{device}/measurements?from=2020-01-01T00:00:00Z&limit=500{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            all.AddRange(page["measurements"]!.AsArray().Select(row => row!));
            cursor = (string?)page["next"];
        }
        while (cursor is not null);
        return all;
    }

    public void Dispose() => _http.Dispose();

    private static async Task<JsonNode> SuccessAsync(HttpResponseMessage answer, string path)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {body}");
        return JsonNode.Parse(body.Length == 0 ? "{}" : body)!;
    }
}
