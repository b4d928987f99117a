namespace Portal.Data.Tests.TimeSeries;

/// <summary>What TimescaleDB's background workers do by themselves, when a test wants it.</summary>
internal static class TestPolicies
{
    /// <summary>Materialises quarter hours, then hours, up to a while ago.</summary>
    public static Task RunAsync(PortalHost host) => RunAsync(host, "policy_refresh_continuous_aggregate");

    /// <summary>Compresses what is older than a week.</summary>
    public static Task CompressAsync(PortalHost host) => RunAsync(host, "policy_compression");

    private static async Task RunAsync(PortalHost host, string procedure)
    {
        var jobs = await host.ScalarAsync<int[]>(
            $"SELECT array_agg(job_id ORDER BY job_id) FROM timescaledb_information.jobs WHERE proc_name = '{procedure}'"
        );
        foreach (var job in jobs!)
        {
            await host.ExecuteAsync($"CALL run_job({job})");
        }
    }
}
