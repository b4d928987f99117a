using MeterSimulator.Running;

namespace MeterSimulator.Commands;

/// <summary>All that <c>run</c> was told.</summary>
internal sealed record RunSettings(Uri Portal, string Host, string? AdminEmail, string KeyFile, RunOptions Options);
