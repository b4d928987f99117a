using Microsoft.Extensions.Options;

namespace Portal.Web.Grafana;

internal static class GrafanaRegistration
{
    /// <summary>What the page with Grafana's dashboards needs; Grafana is found by service discovery as <c>http://grafana</c>.</summary>
    public static void AddGrafana(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<GrafanaOptions>, GrafanaOptionsValidator>();
        services.AddOptions<GrafanaOptions>().BindConfiguration(GrafanaOptions.SectionName).ValidateOnStart();
        services.AddHttpClient<GrafanaProbe>(http => http.BaseAddress = new Uri("http://grafana"));
    }
}
