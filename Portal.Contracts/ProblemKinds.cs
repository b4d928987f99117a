namespace Portal.Contracts;

/// <summary>
/// Kinds of problem that a client may want to tell apart; the <c>type</c> of a problem ends with one of them. Problems that
/// say no more than their status code have a kind of that status (<c>not-found</c>, <c>forbidden</c>, …).
/// </summary>
public static class ProblemKinds
{
    /// <summary>400: at least one field is not as it must be; <c>errors</c> names each by its name on the wire.</summary>
    public const string InvalidRequest = "invalid-request";

    /// <summary>401: email and password, or the code, are not right. It does not say which.</summary>
    public const string InvalidCredentials = "invalid-credentials";

    /// <summary>401: the password is right, and the account wants a <c>code</c> as well.</summary>
    public const string TwoFactorRequired = "two-factor-required";

    /// <summary>401: the password is right, and this stack takes its people's passwords no more: they sign in by OpenID Connect.</summary>
    public const string PasswordsOff = "passwords-off";

    /// <summary>403: an admin has to set up two-factor sign-in before anything else.</summary>
    public const string TwoFactorSetup = "two-factor-setup";

    /// <summary>403: the request came from a page of another origin.</summary>
    public const string CrossSite = "cross-site";

    /// <summary>409: something else has this name already (<c>errors</c> names the field).</summary>
    public const string Taken = "taken";

    /// <summary>409: a site still has devices.</summary>
    public const string SiteHasDevices = "site-has-devices";

    /// <summary>409: it would leave nobody to administer the portal.</summary>
    public const string LastAdmin = "last-admin";

    /// <summary>409: as many of these exist as may.</summary>
    public const string LimitReached = "limit-reached";

    /// <summary>409: something else holds on the same days.</summary>
    public const string ValidityOverlap = "validity-overlap";

    /// <summary>409: a tariff's version was approved, and never changes.</summary>
    public const string VersionApproved = "version-approved";

    /// <summary>409: it is still in use; <c>detail</c> says by what.</summary>
    public const string InUse = "in-use";

    /// <summary>429: too many failed sign-ins; <c>Retry-After</c> says when to try again.</summary>
    public const string TooManyRequests = "too-many-requests";

    /// <summary>400: nothing of a post could be read, and nothing of it was stored; <c>detail</c> says where it breaks.</summary>
    public const string UnreadablePost = "unreadable-post";

    /// <summary>401: no ingest key, or none that is valid.</summary>
    public const string InvalidIngestKey = "invalid-ingest-key";

    /// <summary>401: no fleet token, or one that was never given out.</summary>
    public const string InvalidFleetToken = "invalid-fleet-token";

    /// <summary>401: a fleet token that was rotated; the customer's stack needs the newer one.</summary>
    public const string RetiredFleetToken = "retired-fleet-token";

    /// <summary>401: the operator has switched the customer off; its stack keeps what it has and goes on once it is switched on.</summary>
    public const string CustomerDisabled = "customer-disabled";

    /// <summary>400: a batch of a stack's push can't be read; <c>detail</c> says where. Sent again unchanged it would be refused again.</summary>
    public const string MalformedBatch = "malformed-batch";

    /// <summary>400: a batch of a protocol version that this receiver doesn't take; <c>detail</c> says which it takes, and which side to update.</summary>
    public const string UnsupportedProtocol = "unsupported-protocol";

    /// <summary>413: the post is larger than this server takes at once; split it.</summary>
    public const string TooLarge = "too-large";

    /// <summary>415: neither JSON nor a meter's log file, or compressed in a way that this server doesn't know.</summary>
    public const string UnknownForm = "unknown-form";

    /// <summary>503: the service can't take it at the moment, and stored nothing; <c>Retry-After</c> says when to try again.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>409: what was previewed is not what would be done now.</summary>
    public const string PlanChanged = "plan-changed";

    /// <summary>409: the stack has no provider to sign in at.</summary>
    public const string NoProvider = "no-provider";

    /// <summary>409: the account is disabled.</summary>
    public const string AccountDisabled = "account-disabled";

    /// <summary>409: two-factor sign-in is on already, or off.</summary>
    public const string TwoFactorState = "two-factor-state";

    /// <summary>409: admins need two-factor sign-in here, so theirs stays on.</summary>
    public const string TwoFactorNeeded = "two-factor-needed";

    /// <summary>409: what was uploaded can't be kept, since the service's folder for it can't be written.</summary>
    public const string NotKept = "not-kept";
}
