namespace Portal.Web.Fleet;

/// <summary>Texts of the operators' page about one customer.</summary>
public sealed class CustomerText;
