using System.CommandLine;
using Portal.AppHost.Manifests;

namespace Portal.AppHost.CommandLine;

/// <summary>The options that say at which provider a stack's people sign in besides.</summary>
internal sealed class ProviderArguments
{
    private readonly Option<string?> _authority = Text("--oidc-authority", "Let people sign in by OpenID Connect at this provider, besides passwords: its issuer.", "url");
    private readonly Option<string?> _clientId = Text("--oidc-client-id", "As which client the stack is registered there. Its secret is read from " + PublishCommand.ProviderSecretVariable + ".", "id");
    private readonly Option<string?> _name = Text("--oidc-name", "What people call the provider (default: its host).", "words");
    private readonly Option<string?> _scope = Text("--oidc-scope", "What it is asked for (default: openid email).", "scopes");
    private readonly Option<string?> _roleClaim = Text("--oidc-role-claim", "The claim whose values give roles (default: Admins make accounts here).", "claim");
    private readonly Option<string?> _adminValue = Text("--oidc-admin-value", "The claim's value that makes an Admin.", "value");
    private readonly Option<string?> _viewerValue = Text("--oidc-viewer-value", "The claim's value that makes a Viewer.", "value");
    private readonly Option<bool> _trustEmail = new("--oidc-trust-email") { Description = "It is the company's own directory: its addresses count as verified." };
    private readonly Option<bool> _only = new("--oidc-only") { Description = "Take no passwords but the first admin's." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_authority, _clientId, _name, _scope, _roleClaim, _adminValue, _viewerValue, _trustEmail, _only]) command.Options.Add(option);
    }

    /// <summary>What they say; null where they are left out. How they go together the API checks when it starts.</summary>
    /// <exception cref="UsageException">Something is wrong; names the option.</exception>
    public PublishedProvider? Read(ParseResult parsed, StackKind kind)
    {
        var authority = parsed.GetValue(_authority);
        if (authority is null)
        {
            foreach (var option in (Option[])[_clientId, _name, _scope, _roleClaim, _adminValue, _viewerValue, _trustEmail, _only])
                if (parsed.GetResult(option) is { Implicit: false }) throw new UsageException($"{option.Name} is for a stack with a provider; give --oidc-authority too, or leave it out.");
            return null;
        }

        if (kind == StackKind.Edge) throw new UsageException("--oidc-authority is for stacks; at the edge nobody signs in.");
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var url) || url is not { Scheme: "https", Query: "", Fragment: "", UserInfo: "" })
            throw new UsageException($"--oidc-authority is '{authority}'; give the provider's issuer, such as https://login.example.com/realms/acme.");
        if (parsed.GetValue(_clientId) is not { Length: > 0 } client) throw new UsageException("--oidc-client-id is missing; give the client's id that the provider shows.");
        var usual = new PublishedProvider { Authority = authority, ClientId = client };
        return usual with
        {
            Name = parsed.GetValue(_name) ?? usual.Name,
            Scope = parsed.GetValue(_scope) ?? usual.Scope,
            RoleClaim = parsed.GetValue(_roleClaim) ?? usual.RoleClaim,
            AdminValue = parsed.GetValue(_adminValue) ?? usual.AdminValue,
            ViewerValue = parsed.GetValue(_viewerValue) ?? usual.ViewerValue,
            TrustEmail = parsed.GetValue(_trustEmail),
            Only = parsed.GetValue(_only),
        };
    }

    private static Option<string?> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}
