namespace Portal.Web.Start;

/// <summary>Texts of the start pages.</summary>
public sealed class StartText;
