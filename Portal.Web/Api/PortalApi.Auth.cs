using System.Net.Http.Json;
using Portal.Contracts.Auth;

namespace Portal.Web.Api;

public sealed partial class PortalApi
{
    /// <summary>The API's answer to a sign-in, whatever it is; the caller hands its cookie on.</summary>
    public Task<HttpResponseMessage> SignInAsync(LoginRequest request, CancellationToken cancellationToken) =>
        SendRawAsync(HttpMethod.Post, "/api/auth/login", JsonContent.Create(request), cancellationToken);

    /// <summary>Ends the session; the answer deletes the cookie.</summary>
    public Task<HttpResponseMessage> SignOutAsync(CancellationToken cancellationToken) =>
        SendRawAsync(HttpMethod.Post, "/api/auth/logout", null, cancellationToken);
}
