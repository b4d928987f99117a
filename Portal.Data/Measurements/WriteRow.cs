namespace Portal.Data.Measurements;

/// <summary>A row on its way into the table.</summary>
/// <param name="DeviceId">Key of the device.</param>
/// <param name="Ticks">The instant as UTC ticks, whole microseconds.</param>
/// <param name="Post">Which post of the write it comes from.</param>
/// <param name="Row">Its row in that post's batch.</param>
/// <remarks>
/// Every writer inserts and fills in this order, whatever the engine: day, device, time. Two writers that meet then wait for each other
/// in one direction only, and a partition's or chunk's rows lie together. (COPY gathers rows by partition: sorted by device first, it
/// would insert them in an order that depends on the batch.)
/// </remarks>
internal readonly record struct WriteRow(int DeviceId, long Ticks, int Post, int Row) : IComparable<WriteRow>
{
    public bool IsSameInstant(in WriteRow other) => Ticks == other.Ticks && DeviceId == other.DeviceId;

    public int CompareTo(WriteRow other)
    {
        var order = (Ticks / TimeSpan.TicksPerDay).CompareTo(other.Ticks / TimeSpan.TicksPerDay);
        order = order != 0 ? order : DeviceId.CompareTo(other.DeviceId);
        order = order != 0 ? order : Ticks.CompareTo(other.Ticks);
        order = order != 0 ? order : Post.CompareTo(other.Post);
        return order != 0 ? order : Row.CompareTo(other.Row);
    }
}
