namespace Portal.Web.Settings;

/// <summary>Texts of the settings.</summary>
public sealed class SettingsText;
