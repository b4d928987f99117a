namespace Portal.Web.Rates;

/// <summary>Key to the texts of the pages about tariffs and costs.</summary>
public sealed class RatesText;
