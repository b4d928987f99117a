namespace Portal.Web.States;

/// <summary>How a state is coloured. The colour never says it alone: a word stands beside it.</summary>
public enum Tone
{
    Quiet,
    Good,
    Warn,
    Bad,
}

internal static class Tones
{
    /// <summary>Its CSS class.</summary>
    public static string Class(this Tone tone) => tone == Tone.Quiet ? "" : tone.ToString().ToLowerInvariant();
}
