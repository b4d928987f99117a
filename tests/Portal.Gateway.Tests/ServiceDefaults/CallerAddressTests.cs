using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Portal.Gateway.Tests.ServiceDefaults;

public sealed class CallerAddressTests
{
    [Theory]
    [InlineData(null, null, "127.0.0.1 http")]
    [InlineData("198.51.100.4", "https", "198.51.100.4 https")]
    // The gateway writes one address. Were there more, only the last could be its own.
    [InlineData("203.0.113.7, 10.1.2.3", "http", "10.1.2.3 http")]
    public async Task A_service_sees_the_caller_as_the_gateway_saw_it(string? forwardedFor, string? proto, string seen)
    {
        await using var service = await DefaultService.StartAsync(app =>
            app.MapGet("/who", (HttpContext http) => $"{http.Connection.RemoteIpAddress} {http.Request.Scheme}"));
        var request = new HttpRequestMessage(HttpMethod.Get, "/who");
        if (forwardedFor is not null) request.Headers.Add("X-Forwarded-For", forwardedFor);
        if (proto is not null) request.Headers.Add("X-Forwarded-Proto", proto);

        using var response = await service.Client.SendAsync(request);

        Assert.Equal(seen, await response.Content.ReadAsStringAsync());
    }
}
