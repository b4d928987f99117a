namespace Portal.Web.Charts;

/// <summary>Texts of charts.</summary>
public sealed class ChartText;
