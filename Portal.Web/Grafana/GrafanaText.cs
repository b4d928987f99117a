namespace Portal.Web.Grafana;

/// <summary>Texts of the page with Grafana's dashboards.</summary>
public sealed class GrafanaText;
