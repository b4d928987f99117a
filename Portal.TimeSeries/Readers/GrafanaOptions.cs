namespace Portal.TimeSeries.Readers;

/// <summary>Section <c>Grafana</c>: the database role with which a stack's Grafana reads.</summary>
public sealed class GrafanaOptions
{
    public const string SectionName = "Grafana";

    /// <summary>Name of the role; null: <c>grafana_</c> and the database's name, so that databases of one server don't share it.</summary>
    public string? DatabaseUser { get; set; }

    /// <summary>Its password; null: no role is made, and one that is there stays as it is.</summary>
    public string? DatabasePassword { get; set; }
}
