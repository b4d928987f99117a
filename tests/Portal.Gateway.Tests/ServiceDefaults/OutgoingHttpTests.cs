using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Gateway.Tests.ServiceDefaults;

public sealed class OutgoingHttpTests
{
    [Fact]
    public async Task A_service_is_found_by_name_and_asked_again_after_a_failure()
    {
        var failures = 2;
        await using var api = await Backend.StartAsync("api", http =>
        {
            http.Response.StatusCode = failures-- > 0 ? 503 : 200;
            return http.Response.WriteAsync("found");
        });
        await using var service = await DefaultService.StartAsync(services: Named, args: $"--services:api:http:0={api.Address}");

        Assert.Equal("found", await Client(service).GetStringAsync("http://api/api/sites"));
        Assert.Equal(3, api.Seen.Count);
    }

    [Fact]
    public async Task A_write_is_never_sent_twice()
    {
        await using var api = await Backend.StartAsync("api", http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var service = await DefaultService.StartAsync(services: Named, args: $"--services:api:http:0={api.Address}");

        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete })
        {
            using var response = await Client(service).SendAsync(new HttpRequestMessage(method, "http://api/api/sites"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }

        Assert.Equal(["POST", "PUT", "PATCH", "DELETE"], api.Seen.Select(seen => seen.Method));
    }

    private static void Named(IServiceCollection services) => services.AddHttpClient("portal");

    private static HttpClient Client(DefaultService service) =>
        service.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient("portal");
}
