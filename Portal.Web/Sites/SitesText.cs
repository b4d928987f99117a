namespace Portal.Web.Sites;

/// <summary>Texts of the sites' pages.</summary>
public sealed class SitesText;
