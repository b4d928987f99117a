namespace Portal.Data;

/// <summary>What an import changes of the catalogue, with the entries of the audit trail that tell so.</summary>
/// <param name="Sites">New ones.</param>
/// <param name="Devices">With an <see cref="Device.Id"/> of 0 it is created, else changed.</param>
public sealed record PlannedImport(IReadOnlyList<(Site Site, AuditEntry Audit)> Sites, IReadOnlyList<(Device Device, AuditEntry Audit)> Devices);
