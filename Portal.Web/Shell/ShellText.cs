namespace Portal.Web.Shell;

/// <summary>Texts around the pages.</summary>
public sealed class ShellText;
