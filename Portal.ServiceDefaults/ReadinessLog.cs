using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Portal.ServiceDefaults;

/// <summary>Writes one line when readiness changes, with the reasons, instead of one per probe.</summary>
internal sealed class ReadinessLog(ILogger<ReadinessLog> logger)
{
    private readonly Lock gate = new();
    private string? lastReasons;

    public void Note(HealthReport report)
    {
        var reasons = string.Join("; ", report.Entries
            .Where(entry => entry.Value.Status == HealthStatus.Unhealthy)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => $"{entry.Key}: {entry.Value.Description ?? entry.Value.Exception?.Message ?? "no reason given"}"));

        lock (gate)
        {
            if (reasons == lastReasons) return;
            lastReasons = reasons;
        }

        if (reasons.Length == 0) logger.LogInformation("Ready");
        else logger.LogWarning("Not ready: {Reasons}", reasons);
    }
}
