using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Portal.Web.Tests;

/// <summary>The web beside an API. One per test: sign-in is state.</summary>
public sealed class WebApp : IAsyncDisposable
{
    private readonly DirectoryInfo keys = Directory.CreateTempSubdirectory("web-keys-");
    private WebApplicationFactory<ApplicationOptions> factory = null!;

    public FakeApi Api { get; private set; } = null!;

    public static async Task<WebApp> StartAsync(string? apiUrl = null)
    {
        var web = new WebApp { Api = await FakeApi.StartAsync() };
        web.factory = new WebApplicationFactory<ApplicationOptions>().WithWebHostBuilder(host =>
        {
            host.UseSetting("services:api:http:0", apiUrl ?? web.Api.Url);
            host.UseSetting("DataProtection:KeysPath", web.keys.FullName);
        });
        return web;
    }

    public IServiceProvider Services => factory.Services;

    public HttpClient Browser() => factory.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    public async ValueTask DisposeAsync()
    {
        await factory.DisposeAsync();
        await Api.DisposeAsync();
        keys.Delete(recursive: true);
    }
}
