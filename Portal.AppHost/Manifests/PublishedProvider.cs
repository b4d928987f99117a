using Portal.AppHost.Topology;

namespace Portal.AppHost.Manifests;

/// <summary>The provider at which people of a published stack sign in by OpenID Connect, as docs/CONFIGURATION.md says of <c>Oidc__…</c>. Its secret is none of these.</summary>
internal sealed record PublishedProvider
{
    /// <summary>The secret that it gave this stack, in the topology.</summary>
    public const string Secret = "oidc-client-secret";

    /// <summary>The variable that holds it.</summary>
    public const string SecretVariable = "Oidc__ClientSecret";

    public required string Authority { get; init; }

    public required string ClientId { get; init; }

    /// <summary>What people call it; empty: the authority's host.</summary>
    public string Name { get; init; } = "";

    public string Scope { get; init; } = "openid email";

    public string RoleClaim { get; init; } = "";

    public string AdminValue { get; init; } = "";

    public string ViewerValue { get; init; } = "";

    public bool TrustEmail { get; init; }

    public bool Only { get; init; }

    /// <summary>By the names of the API's settings.</summary>
    public IEnumerable<(string Name, string Value)> Variables =>
    [
        ("Oidc__Authority", Authority), ("Oidc__ClientId", ClientId), ("Oidc__Name", Name), ("Oidc__Scope", Scope), ("Oidc__RoleClaim", RoleClaim),
        ("Oidc__AdminValue", AdminValue), ("Oidc__ViewerValue", ViewerValue), ("Oidc__TrustEmail", Word(TrustEmail)), ("Oidc__Only", Word(Only)),
    ];

    /// <summary>What the API is told, the secret included.</summary>
    public IEnumerable<KeyValuePair<string, Setting>> Settings =>
        Variables.Select(variable => KeyValuePair.Create(variable.Name, (Setting)new Setting.Literal(variable.Value))).Append(new(SecretVariable, new Setting.SecretOf(Secret)));

    /// <summary>What the deployer made of it in <c>.env</c> since.</summary>
    public PublishedProvider AsIn(EnvFile env) => this with
    {
        Authority = env["Oidc__Authority"] ?? Authority,
        ClientId = env["Oidc__ClientId"] ?? ClientId,
        Name = env["Oidc__Name"] ?? Name,
        Scope = env["Oidc__Scope"] ?? Scope,
        RoleClaim = env["Oidc__RoleClaim"] ?? RoleClaim,
        AdminValue = env["Oidc__AdminValue"] ?? AdminValue,
        ViewerValue = env["Oidc__ViewerValue"] ?? ViewerValue,
        TrustEmail = Is(env["Oidc__TrustEmail"], TrustEmail),
        Only = Is(env["Oidc__Only"], Only),
    };

    private static string Word(bool value) => value ? "true" : "false";

    private static bool Is(string? text, bool usual) => bool.TryParse(text, out var value) ? value : usual;
}
