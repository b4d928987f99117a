using Portal.Contracts.Auth;

namespace Portal.Web.SignIn;

/// <summary>Which text of <see cref="SignInText"/> says why the provider's answer let nobody in. Of what stands in the address nothing is shown.</summary>
internal static class ProviderRefusalText
{
    public static string KeyOf(string refused) => refused switch
    {
        ProviderRefusals.ProviderAway => "ProviderAway",
        ProviderRefusals.Declined => "Declined",
        ProviderRefusals.Expired => "Expired",
        ProviderRefusals.NoRole => "NoRole",
        ProviderRefusals.NoAccount => "NoAccount",
        ProviderRefusals.NoEmail => "NoEmail",
        ProviderRefusals.EmailUnverified => "EmailUnverified",
        ProviderRefusals.PasswordAccount => "PasswordAccount",
        ProviderRefusals.OtherIdentity => "OtherIdentity",
        ProviderRefusals.Disabled => "Disabled",
        ProviderRefusals.LastAdmin => "LastAdmin",
        ProviderRefusals.Unavailable => "Unavailable",
        _ => "NotValid",
    };
}
