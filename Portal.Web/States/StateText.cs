namespace Portal.Web.States;

/// <summary>Texts of the states every page has.</summary>
public sealed class StateText;
