namespace Portal.Web.Start;

/// <summary>How old the newest data is, as a word and a colour: fresh under 5 minutes, late under an hour, stale beyond, never.</summary>
public readonly record struct Freshness(string Word, string Colour, string Age)
{
    public static readonly TimeSpan FreshBelow = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan LateBelow = TimeSpan.FromHours(1);

    public static Freshness Of(DateTimeOffset? newest, DateTimeOffset now)
    {
        if (newest is not { } time)
        {
            return new Freshness("never", "", "");
        }

        var age = now - time;
        var (word, colour) = age < FreshBelow ? ("fresh", "good") : age < LateBelow ? ("late", "warn") : ("stale", "bad");
        return new Freshness(word, colour, Figures.Age(age));
    }
}
