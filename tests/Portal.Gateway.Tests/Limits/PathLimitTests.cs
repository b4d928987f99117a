using System.Net;
using Microsoft.AspNetCore.Http;

namespace Portal.Gateway.Tests.Limits;

public sealed class PathLimitTests
{
    private const string Host = "abc0001.localhost";
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task A_path_has_the_body_limit_of_its_stacks_file()
    {
        await using var backend = await Backend.StartAsync("all", async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            await http.Response.WriteAsync("all of it");
        });
        await using var gateway = await StartAsync(backend, """{ "/api/ingest": { "bodyMiB": 1 }, "/api": { "bodyMiB": 12 } }""");

        foreach (var (path, fits, tooLarge) in new[] { ("/api/ingest/acuvim", MiB, MiB + 1), ("/api/sites", 11 * MiB, 12 * MiB + 1), ("/", 10 * MiB, 10 * MiB + 1) })
        {
            using var taken = await gateway.SendAsync(Host, new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[fits]) });
            Assert.Equal("all of it", await taken.Content.ReadAsStringAsync());
            using var refused = await gateway.SendAsync(Host, new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new ByteArrayContent(new byte[tooLarge]), Headers = { ExpectContinue = true },
            });
            await ProblemAssert.IsAsync(HttpStatusCode.RequestEntityTooLarge, "too-large", refused);
        }
    }

    [Fact]
    public async Task A_path_has_the_timeout_of_its_stacks_file_and_its_service_keeps_the_usual_one_elsewhere()
    {
        await using var backend = await Backend.StartAsync("all", http => http.Request.Path == "/api/fleet-push/status"
            ? Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted)
            : Later(http));
        await using var gateway = await StartAsync(backend, """{ "/api/fleet-push": { "timeoutSeconds": 1 } }""");

        var patient = gateway.GetAsync(Host, "/api/ingest/slow");
        using var given = await gateway.GetAsync(Host, "/api/fleet-push/status");
        await ProblemAssert.IsAsync(HttpStatusCode.GatewayTimeout, "gateway-timeout", given);
        using var answer = await patient;
        Assert.Equal("later", await answer.Content.ReadAsStringAsync());

        // The two clusters of the service are one line of the status.
        var services = (await gateway.StatusAsync()).GetProperty("stacks")[0].GetProperty("services");
        Assert.Equal(1, services.GetProperty("ingest").GetArrayLength());
    }

    private static async Task Later(HttpContext http)
    {
        await Task.Delay(TimeSpan.FromSeconds(2), http.RequestAborted);
        await http.Response.WriteAsync("later");
    }

    private static Task<GatewayHost> StartAsync(Backend backend, string paths)
    {
        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", $$"""
            { "host": "{{Host}}", "services": { "api": ["{{backend.Address}}"], "ingest": ["{{backend.Address}}"], "web": ["{{backend.Address}}"] }, "paths": {{paths}} }
            """);
        return GatewayHost.StartAsync(folder: folder);
    }
}
