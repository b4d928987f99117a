namespace Portal.TimeSeries;

/// <summary>A row on its way into the table.</summary>
/// <param name="Device">Key of the device.</param>
/// <param name="Ticks">The instant as UTC ticks, whole microseconds.</param>
/// <param name="Post">Which post of the write it comes from.</param>
/// <param name="Row">Its row in that post's batch.</param>
/// <remarks>
/// Every writer inserts and fills in this order, whatever the engine: day, device, time. Two writers that meet then wait for each other
/// in one direction only, and a partition's or chunk's rows lie together. (COPY gathers rows by partition: sorted by device first, it
/// would insert them in an order that depends on the batch.)
/// </remarks>
public readonly record struct WriteRow(DeviceKey Device, long Ticks, int Post, int Row)
{
    public bool IsSameInstant(in WriteRow other) => Ticks == other.Ticks && Device == other.Device;

    internal int CompareTo(WriteRow other)
    {
        var order = (Ticks / TimeSpan.TicksPerDay).CompareTo(other.Ticks / TimeSpan.TicksPerDay);
        order = order != 0 ? order : Device.CompareTo(other.Device);
        order = order != 0 ? order : Ticks.CompareTo(other.Ticks);
        order = order != 0 ? order : Post.CompareTo(other.Post);
        return order != 0 ? order : Row.CompareTo(other.Row);
    }
}
