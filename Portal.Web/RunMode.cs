namespace Portal.Web;

/// <summary>Whose portal this is: one customer's, or the operators'.</summary>
public enum RunMode
{
    Client,
    Admin,
}

/// <summary>Settings of the section <c>Application</c>.</summary>
public sealed class ApplicationOptions
{
    public const string SectionName = "Application";

    /// <summary><c>Client</c> or <c>Admin</c>.</summary>
    public RunMode RunMode { get; set; } = RunMode.Client;
}
