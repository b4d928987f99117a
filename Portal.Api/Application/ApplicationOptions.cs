using Microsoft.Extensions.Options;

namespace Portal.Api.Application;

/// <summary>Which kind of stack this is.</summary>
public enum RunMode
{
    /// <summary>A customer's stack: sites, devices, measurements.</summary>
    Client,

    /// <summary>The operators' stack: people and audit; the fleet itself is the aggregator's.</summary>
    Admin,
}

/// <summary>What every service of a stack is told about it.</summary>
public sealed class ApplicationOptions
{
    public const string SectionName = "Application";

    /// <summary><c>Client</c> or <c>Admin</c>.</summary>
    public RunMode RunMode { get; set; } = RunMode.Client;

    /// <summary>
    /// What people type to reach the stack: <c>https://abc0001.portal.example.com</c>. Null: the host of each request is taken
    /// as the stack's own.
    /// </summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>True where people reach the stack by TLS, whatever a request within the private network came by.</summary>
    public bool IsPublicHttps => PublicUrl?.Scheme == Uri.UriSchemeHttps;
}

internal sealed class ApplicationOptionsValidation : IValidateOptions<ApplicationOptions>
{
    public ValidateOptionsResult Validate(string? name, ApplicationOptions options) => options.PublicUrl switch
    {
        null => ValidateOptionsResult.Success,
        { IsAbsoluteUri: true, Scheme: "http" or "https", AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" } => ValidateOptionsResult.Success,
        _ => ValidateOptionsResult.Fail(
            $"Application__PublicUrl is '{options.PublicUrl.OriginalString}'. Set it to scheme and host alone, such as https://abc0001.portal.example.com."),
    };
}
