using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Containers.Tests;

/// <summary>Somebody who reaches a stack by its host name through the edge, over TLS with the certificate of the test.</summary>
internal sealed class Person : IDisposable
{
    private readonly HttpClient _http;

    public Person(string host, int port, string thumbprint)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == thumbprint;
        // The name is nobody's; the edge is on this machine.
        handler.ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        };
        _http = new(handler) { BaseAddress = new($"https://{host}:{port}"), Timeout = TimeSpan.FromSeconds(60) };
    }

    public Task<JsonNode> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<JsonNode> PostAsync(string path, object body, string? key = null) => SendAsync(HttpMethod.Post, path, body, key);

    /// <summary>The bare answer.</summary>
    public Task<HttpResponseMessage> AskAsync(string path) => _http.GetAsync(path);

    /// <summary>Signs in; the answer, whatever it is.</summary>
    public Task<HttpResponseMessage> SignInAsync(string email, string password) => _http.PostAsJsonAsync("/api/auth/login", new { email, password });

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null) request.Headers.Authorization = new("Bearer", key);
        using var answer = await _http.SendAsync(request);
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {said}");
        return JsonNode.Parse(said.Length == 0 ? "{}" : said)!;
    }
}
