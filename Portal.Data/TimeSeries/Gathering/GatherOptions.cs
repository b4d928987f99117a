namespace Portal.Data.TimeSeries.Gathering;

/// <summary>Section <c>Measurements</c>: how a stack keeps its measurements.</summary>
public sealed class GatherOptions
{
    public const string SectionName = "Measurements";

    /// <summary>
    /// Whether rows of days that are over are laid together by device, on plain PostgreSQL. It writes them once more, at night: off where the log
    /// that this makes (some 550 bytes a row) costs more than slower charts of raw minutes.
    /// </summary>
    public bool GatherDays { get; set; } = true;
}
