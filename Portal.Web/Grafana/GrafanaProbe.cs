using Microsoft.Extensions.Options;

namespace Portal.Web.Grafana;

/// <summary>Whether the stack has a Grafana, and how it is.</summary>
/// <param name="IsThere">False: nobody told this service where one is (<c>services__grafana__http__0</c>).</param>
/// <param name="Answers">It is healthy.</param>
public sealed record GrafanaState(bool IsThere, bool Answers);

/// <summary>Asks the stack's Grafana for its health; it takes no sign-in for that.</summary>
public sealed class GrafanaProbe(HttpClient http, IConfiguration configuration, IOptions<GrafanaOptions> options)
{
    public async Task<GrafanaState> AskAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(configuration["services:grafana:http:0"]))
        {
            return new(IsThere: false, Answers: false);
        }

        try
        {
            using var answer = await http.GetAsync($"{options.Value.EmbedPathPrefix}/api/health", cancellationToken);
            return new(IsThere: true, answer.IsSuccessStatusCode);
        }
        catch (HttpRequestException)
        {
            return new(IsThere: true, Answers: false);
        }
    }
}
