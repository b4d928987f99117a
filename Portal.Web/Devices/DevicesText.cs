namespace Portal.Web.Devices;

/// <summary>Texts of the devices' pages.</summary>
public sealed class DevicesText;
