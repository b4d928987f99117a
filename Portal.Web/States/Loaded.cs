namespace Portal.Web.States;

/// <summary>Why there is nothing newer to show.</summary>
public enum Failure
{
    /// <summary>A service is away; it is tried again.</summary>
    Unavailable,

    /// <summary>The person's role doesn't allow it.</summary>
    Forbidden,

    /// <summary>There is no such thing, or no longer.</summary>
    NotFound,

    /// <summary>What was asked can't be answered; see <see cref="Loaded{T}.Reason"/>.</summary>
    Refused,
}

/// <summary>Data of a page and how it stands: loading, failed, ready, or stale (there is data, and it couldn't be renewed).</summary>
/// <param name="Value">The newest there is; null before the first.</param>
/// <param name="At">When it was taken.</param>
/// <param name="Failure">What went wrong at the last attempt.</param>
/// <param name="Reason">The service's own words, where it refused.</param>
public sealed record Loaded<T>(T? Value = null, DateTimeOffset? At = null, Failure? Failure = null, string Reason = "")
    where T : class
{
    public bool IsLoading => Value is null && Failure is null;

    public bool IsStale => Value is not null && Failure is not null;
}
