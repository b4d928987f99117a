namespace Portal.Contracts.Auth;

/// <summary>
/// Why somebody who came by OpenID Connect was not let in: <c>?refused=</c> of the sign-in page, which has a sentence for each. None says more than
/// the person knows already.
/// </summary>
public static class ProviderRefusals
{
    /// <summary>The provider does not answer, or answers that it can't.</summary>
    public const string ProviderAway = "provider-away";

    /// <summary>The person, or the provider for them, declined.</summary>
    public const string Declined = "declined";

    /// <summary>The answer is of no sign-in that this browser began within a quarter of an hour.</summary>
    public const string Expired = "expired";

    /// <summary>The provider's answer does not hold, or it refused ours: a setting on one of the two sides, or an attack. The log says more.</summary>
    public const string NotValid = "not-valid";

    /// <summary>The provider gives the person no role of this portal.</summary>
    public const string NoRole = "no-role";

    /// <summary>Roles are given here, and nobody made an account for the person.</summary>
    public const string NoAccount = "no-account";

    /// <summary>The provider said no e-mail address, or none that an account can have.</summary>
    public const string NoEmail = "no-email";

    /// <summary>The provider does not vouch for the e-mail address.</summary>
    public const string EmailUnverified = "email-unverified";

    /// <summary>An account with this e-mail address signs in by its password: whoever has the address elsewhere does not get it.</summary>
    public const string PasswordAccount = "password-account";

    /// <summary>An account with this e-mail address is connected with another identity.</summary>
    public const string OtherIdentity = "other-identity";

    /// <summary>The account is disabled.</summary>
    public const string Disabled = "disabled";

    /// <summary>The provider makes the last active admin with a password a viewer.</summary>
    public const string LastAdmin = "last-admin";

    /// <summary>The portal itself can't at the moment.</summary>
    public const string Unavailable = "unavailable";
}
