namespace Portal.Web.States;

/// <summary>How old the newest data is: fresh under 5 minutes, late under an hour, stale beyond, never.</summary>
/// <param name="Word">Name of the word in <see cref="StateText"/>.</param>
/// <param name="Age">Null: never.</param>
public readonly record struct Freshness(string Word, Tone Tone, TimeSpan? Age)
{
    public static readonly TimeSpan FreshBelow = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan LateBelow = TimeSpan.FromHours(1);

    public bool IsFresh => Tone == Tone.Good;

    public bool IsStale => Tone == Tone.Bad;

    public static Freshness Of(DateTimeOffset? newest, DateTimeOffset now) => Of(now - newest);

    /// <param name="newest">How old the newest data is; null: there is none.</param>
    public static Freshness Of(TimeSpan? newest)
    {
        if (newest is not { } age) return new Freshness("Never", Tone.Quiet, null);
        return age < FreshBelow ? new("Fresh", Tone.Good, age) : age < LateBelow ? new("Late", Tone.Warn, age) : new("Stale", Tone.Bad, age);
    }
}
