using Microsoft.Extensions.Options;

namespace Portal.Api.Auth;

/// <summary>How long a session lasts.</summary>
public sealed class SessionOptions
{
    public const string SectionName = "Sessions";

    /// <summary>A session that was not used for so long ends. Default: half a day, so that a working day needs one sign-in.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(12);

    /// <summary>A session ends so long after sign-in, however much it is used.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(7);
}

internal sealed class SessionOptionsValidation : IValidateOptions<SessionOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionOptions options)
    {
        var errors = new List<string>();
        if (options.IdleTimeout < TimeSpan.FromMinutes(5)) errors.Add("Sessions__IdleTimeout must be at least 00:05:00.");
        if (options.Lifetime < options.IdleTimeout) errors.Add("Sessions__Lifetime must not be below Sessions__IdleTimeout.");
        if (options.Lifetime > TimeSpan.FromDays(90)) errors.Add("Sessions__Lifetime must be at most 90.00:00:00 (90 days).");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
