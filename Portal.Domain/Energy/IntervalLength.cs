namespace Portal.Domain.Energy;

/// <summary>Lengths of interval that energy is asked for in; days and months are those of a site's zone.</summary>
public enum IntervalLength
{
    QuarterHour,
    Hour,
    Day,
    Month,
}
