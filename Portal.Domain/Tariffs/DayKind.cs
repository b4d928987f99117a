namespace Portal.Domain.Tariffs;

/// <summary>What a day is to a time-of-use clock.</summary>
public enum DayKind
{
    /// <summary>Monday to Friday.</summary>
    Weekday,

    Saturday,

    Sunday,

    /// <summary>A holiday with windows of its own, where the clock doesn't count it as one of the others.</summary>
    Holiday,
}
