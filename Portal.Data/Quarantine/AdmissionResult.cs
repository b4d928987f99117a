namespace Portal.Data;

/// <summary>How creating or changing a device ended. Anything but <see cref="Done"/> has changed nothing.</summary>
public enum AdmissionOutcome
{
    /// <summary>It is as asked, and what waited for its serial is admitted.</summary>
    Done,

    /// <summary>Another device has the serial.</summary>
    ExternalIdTaken,

    /// <summary>There is no such site.</summary>
    UnknownSite,

    /// <summary>There is no such device (changing and deleting).</summary>
    UnknownDevice,
}

/// <summary>Result of <see cref="DeviceAdmission"/>.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="DeviceId">The device's key; 0 unless done.</param>
/// <param name="AdmittedRows">
/// Quarantined rows that were inserted or filled at least one column. Those that changed nothing don't count, nor those refused since a
/// local time turned out to lie ahead or before <c>MeterClock.Floor</c>.
/// </param>
public readonly record struct AdmissionResult(AdmissionOutcome Outcome, int DeviceId, long AdmittedRows);
