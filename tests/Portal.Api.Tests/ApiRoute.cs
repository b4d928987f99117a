using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Api.Tests;

/// <summary>An endpoint of the running program, by method.</summary>
internal sealed record ApiRoute(RouteEndpoint Endpoint, string Method)
{
    private static readonly string[] Open =
        ["GET /api/auth/oidc", "GET /api/auth/ways", "GET /api/branding", "GET /api/branding/logo/{name}", "POST /api/auth/link", "POST /api/auth/login", "POST /api/auth/logout", "GET /openapi/{documentName}.json", " /health", " /health/ready"];

    public string Path => "/" + Endpoint.RoutePattern.RawText!.Trim('/');

    public string Name => $"{Method} {Path}";

    /// <summary>To everybody.</summary>
    public bool IsOpen => Open.Contains(Name);

    public bool TakesBody => Endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not null;

    public static IReadOnlyList<ApiRoute> Of(ApiHost api) =>
    [
        .. from endpoint in api.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [""]
           select new ApiRoute(endpoint, method),
    ];

    public HttpRequestMessage Request(string body, string type = "application/json")
    {
        var path = Regex.Replace(Path, @"\{[a-zA-Z]+(:[a-z]+)?\}", match => match.Groups[1].Value switch
        {
            ":guid" => Guid.Empty.ToString(),
            ":int" => "2147483647",
            _ => "v1",
        });
        return new HttpRequestMessage(new HttpMethod(Method.Length == 0 ? "GET" : Method), path)
        {
            Content = TakesBody ? new StringContent(body, Encoding.UTF8, type) : null,
        };
    }
}
