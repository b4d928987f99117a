namespace Portal.Web.Fleet;

/// <summary>Texts of the operators' pages about the whole fleet.</summary>
public sealed class FleetText;
