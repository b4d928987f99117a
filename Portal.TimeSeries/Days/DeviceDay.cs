namespace Portal.TimeSeries;

/// <summary>A device and a UTC day.</summary>
public readonly record struct DeviceDay(DeviceKey Device, DateOnly Day)
{
    /// <summary>Midnight at which it begins.</summary>
    public DateTime From => Day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>Midnight at which it ends.</summary>
    public DateTime To => From.AddDays(1);
}

/// <summary>What a table holds of a device-day.</summary>
/// <param name="Rows">0: nothing.</param>
/// <param name="First">First row's time; null where there is none.</param>
/// <param name="Last">Last row's time.</param>
/// <param name="EnergyDeltaKwh">Last known import register minus the first known one; null where none is known.</param>
/// <param name="Hash">32 bytes, see <see cref="Portal.Domain.Ledger.DayHash"/>.</param>
public sealed record DayContent(DeviceDay Day, int Rows, DateTime? First, DateTime? Last, double? EnergyDeltaKwh, byte[] Hash);
