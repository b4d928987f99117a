namespace Portal.Web.Tables;

/// <summary>Texts of tables.</summary>
public sealed class TableText;
