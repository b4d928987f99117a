namespace Portal.TimeSeries.Connection;

/// <summary>Section <c>Database</c>: which database, and which engine keeps its time series.</summary>
public sealed class DatabaseOptions
{
    public const string SectionName = "Database";

    /// <summary>Npgsql connection string; null means <c>ConnectionStrings__portal</c>, else <c>POSTGRES_*</c>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary><c>auto</c> (what the database has, else what the server offers), <c>timescale</c> or <c>postgres</c>.</summary>
    public string TimeSeries { get; set; } = "auto";

    /// <summary>The engine that <see cref="TimeSeries"/> asks for; null for <c>auto</c> and for anything unknown.</summary>
    internal TimeSeriesEngine? Engine =>
        TimeSeries.ToUpperInvariant() switch
        {
            "TIMESCALE" => TimeSeriesEngine.Timescale,
            "POSTGRES" => TimeSeriesEngine.Postgres,
            _ => null,
        };
}
