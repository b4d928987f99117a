using System.Net.Http.Json;
using Portal.Contracts.Auth;

namespace Portal.Web.Api;

public sealed partial class PortalApi
{
    /// <summary>The API's answer to a sign-in, whatever it is; the caller hands its cookie on.</summary>
    public Task<HttpResponseMessage> SignInAsync(LoginRequest request, CancellationToken cancellationToken) =>
        SendRawAsync(HttpMethod.Post, "/api/auth/login", JsonContent.Create(request), cancellationToken);

    /// <summary>How people sign in. Where the API can't say, by password: the page is shown all the same.</summary>
    public async Task<SignInWays> SignInWaysAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync<SignInWays>("/api/auth/ways", cancellationToken);
        }
        catch (Exception exception) when (exception is ApiUnavailableException or ApiRefusedException)
        {
            return new SignInWays();
        }
    }

    /// <summary>Ends the session; the answer deletes the cookie.</summary>
    public Task<HttpResponseMessage> SignOutAsync(CancellationToken cancellationToken) =>
        SendRawAsync(HttpMethod.Post, "/api/auth/logout", null, cancellationToken);
}
