namespace Portal.Web.Api;

internal static class CallerClients
{
    /// <summary>Sends each request as the person whose page is being rendered; cookies are theirs, never the client's own.</summary>
    public static IHttpClientBuilder AsCaller(this IHttpClientBuilder client) =>
        client
            .AddHttpMessageHandler<Callers>()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
}
