namespace Portal.Data;

/// <summary>How often rows of a device and a day were posted again without changing anything.</summary>
public sealed class DuplicateRows
{
    public int DeviceId { get; set; }

    /// <summary>UTC day that the rows were measured on.</summary>
    public DateOnly Day { get; set; }

    public long Count { get; set; }
}
