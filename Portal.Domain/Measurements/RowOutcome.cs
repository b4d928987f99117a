namespace Portal.Domain.Measurements;

/// <summary>What became of one row. Everything but <see cref="Accepted"/> and <see cref="Duplicate"/> was not stored as a measurement.</summary>
public enum RowOutcome : byte
{
    /// <summary>Inserted, or filled at least one empty column.</summary>
    Accepted,

    /// <summary>Changed nothing: every value it has was there already (the same or another one).</summary>
    Duplicate,

    /// <summary>No device has this serial; the row is in quarantine and admitted once the device is claimed.</summary>
    UnknownDevice,

    /// <summary>No readable time, or one before <see cref="MeterClock.Floor"/>.</summary>
    InvalidTime,

    /// <summary>More than <see cref="MeterClock.MaxAhead"/> ahead of the receiver's clock.</summary>
    FutureTime,

    /// <summary>Before what the receiver keeps: such rows are dropped there by now, and rolled up for good. Never of a meter's post.</summary>
    Expired,

    /// <summary>Not one known quantity had a value.</summary>
    NoValues,

    /// <summary>A value that is neither a number nor one of the meters' words for "absent".</summary>
    InvalidValue,

    /// <summary>A value outside its quantity's range.</summary>
    OutOfRange,
}
