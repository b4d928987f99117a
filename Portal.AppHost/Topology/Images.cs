namespace Portal.AppHost.Topology;

/// <summary>Images that are not ours, pinned.</summary>
internal static class Images
{
    public const string Timescale = "timescale/timescaledb";
    public const string TimescaleTag = "2.28.3-pg17";

    /// <summary>The version that the dashboards and the operations guide are written for.</summary>
    public const string Grafana = "grafana/grafana:11.4.0";
}
