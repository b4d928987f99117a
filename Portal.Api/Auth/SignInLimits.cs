using Microsoft.Extensions.Options;

namespace Portal.Api.Auth;

/// <summary>
/// What signing in takes, and how many failures are borne. Each threshold starts a pause of <see cref="FirstPause"/> that doubles with every further
/// failure up to <see cref="LongestPause"/>: 4 guesses an hour against one account from one address, at most some 100 a day.
/// </summary>
public sealed class SignInLimits
{
    public const string SectionName = "SignIn";

    /// <summary>Failures of one account from one address. A person who forgot a password tries three or four.</summary>
    public int FailuresPerAccountAndAddress { get; set; } = 5;

    /// <summary>Failures of one account from anywhere: guessing spread over many addresses.</summary>
    public int FailuresPerAccount { get; set; } = 50;

    /// <summary>Failures from one address with any account: one guess at many accounts. An office shares an address.</summary>
    public int FailuresPerAddress { get; set; } = 100;

    /// <summary>Pause after the failure that reaches a threshold.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>No pause is longer, so that nobody can lock an owner out for good.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Failures are forgotten when none came for so long.</summary>
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Admins who have a password must have two-factor on as well; until then they may do nothing but set it up.</summary>
    public bool AdminsNeedTwoFactor { get; set; }
}

internal sealed class SignInLimitsValidation : IValidateOptions<SignInLimits>
{
    public ValidateOptionsResult Validate(string? name, SignInLimits options)
    {
        var errors = new List<string>();
        if (options.FailuresPerAccountAndAddress < 1) errors.Add("SignIn__FailuresPerAccountAndAddress must be at least 1.");
        if (options.FailuresPerAccount < options.FailuresPerAccountAndAddress)
            errors.Add("SignIn__FailuresPerAccount must not be below SignIn__FailuresPerAccountAndAddress.");
        if (options.FailuresPerAddress < options.FailuresPerAccountAndAddress)
            errors.Add("SignIn__FailuresPerAddress must not be below SignIn__FailuresPerAccountAndAddress.");
        if (options.FirstPause < TimeSpan.FromSeconds(1)) errors.Add("SignIn__FirstPause must be at least 00:00:01.");
        if (options.LongestPause < options.FirstPause) errors.Add("SignIn__LongestPause must not be below SignIn__FirstPause.");
        if (options.ForgetAfter < options.LongestPause) errors.Add("SignIn__ForgetAfter must not be below SignIn__LongestPause.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
