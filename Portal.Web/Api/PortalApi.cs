using System.Net.Http.Json;
using Portal.Contracts.Auth;
using Portal.Contracts.Branding;
using Portal.Contracts.Overview;

namespace Portal.Web.Api;

/// <summary>The stack's API, as the signed-in person.</summary>
public sealed class PortalApi(HttpClient http)
{
    public Task<OverviewAnswer> OverviewAsync(CancellationToken cancellationToken) =>
        GetAsync<OverviewAnswer>("/api/overview", cancellationToken);

    public Task<BrandingItem> BrandingAsync(CancellationToken cancellationToken) =>
        GetAsync<BrandingItem>("/api/branding", cancellationToken);

    /// <summary>The API's answer to a sign-in, whatever it is; the caller hands its cookie on.</summary>
    public Task<HttpResponseMessage> SignInAsync(LoginRequest request, CancellationToken cancellationToken) =>
        SendAsync(() => http.PostAsJsonAsync("/api/auth/login", request, cancellationToken));

    /// <summary>Ends the session; the answer deletes the cookie.</summary>
    public Task<HttpResponseMessage> SignOutAsync(CancellationToken cancellationToken) =>
        SendAsync(() => http.PostAsync("/api/auth/logout", null, cancellationToken));

    private Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) => Answers.ReadAsync<T>(SendAsync(() => http.GetAsync(path, cancellationToken)), cancellationToken);

    private static Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send) => Answers.SendAsync("The portal's API", send);
}
