namespace Portal.TimeSeries;

/// <summary>Key of a device's measurements.</summary>
/// <param name="DeviceId">Unique over all customers.</param>
/// <param name="CustomerId">0 in a customer's own stack, which has no such column.</param>
public readonly record struct DeviceKey(int DeviceId, int CustomerId = 0)
{
    internal int CompareTo(DeviceKey other)
    {
        var order = CustomerId.CompareTo(other.CustomerId);
        return order != 0 ? order : DeviceId.CompareTo(other.DeviceId);
    }
}

/// <summary>A device as a writer needs it.</summary>
/// <param name="Key">Key of its measurements.</param>
/// <param name="TimeZone">IANA name of its site's zone.</param>
public readonly record struct DeviceSite(DeviceKey Key, string TimeZone);

/// <summary>A serial that was posted.</summary>
/// <param name="ExternalId">Ordinal.</param>
/// <param name="CustomerId">Whose; 0 in a customer's own stack.</param>
public readonly record struct PostedSerial(string ExternalId, int CustomerId = 0);
