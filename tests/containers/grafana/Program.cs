using System.Net;

// Grafana as far as a published stack sees it: its health, and who somebody is by the headers of auth.proxy, which it believes from the
// whitelisted addresses alone. It keeps whom it saw where Grafana keeps its database.
var settings = new ConfigurationBuilder().AddEnvironmentVariables("GF_").Build();
var users = Path.Combine(settings["PATHS_DATA"]!, "grafana.db");
var whitelist = settings["AUTH_PROXY_WHITELIST"]!.Split(',').Select(IPNetwork.Parse).ToArray();

var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls($"http://{settings["SERVER_HTTP_ADDR"]}:{settings["SERVER_HTTP_PORT"]}");
var app = builder.Build();
var grafana = app.MapGroup(new Uri(settings["SERVER_ROOT_URL"]!).AbsolutePath.TrimEnd('/'));
grafana.MapGet("/api/health", () => Results.Text("""{"database":"ok","version":"11.4.0"}""", "application/json"));
grafana.MapGet("/api/user", (HttpContext http) => Name(http) is { } name ? Results.Text($$"""{"login":"{{name}}"}""", "application/json") : Results.Unauthorized());
grafana.MapGet("/api/user/orgs", (HttpContext http) => Name(http) is null ? Results.Unauthorized() : Results.Text($$"""[{"orgId":1,"role":"{{http.Request.Headers["X-WEBAUTH-ROLE"]}}"}]""", "application/json"));
app.Run();

string? Name(HttpContext http)
{
    if (!whitelist.Any(network => network.Contains(http.Connection.RemoteIpAddress!.MapToIPv4()))) return null;
    if (http.Request.Headers["X-WEBAUTH-USER"].ToString() is not { Length: > 0 } name) return null;
    if (!File.Exists(users) || !File.ReadLines(users).Contains(name)) File.AppendAllText(users, $"{name}\n");
    return name;
}
