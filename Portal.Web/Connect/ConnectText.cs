namespace Portal.Web.Connect;

/// <summary>Texts of the page that connects a meter.</summary>
public sealed class ConnectText;
