namespace Portal.Ingest.FleetPush;

/// <summary>Free space of the disk that the stack's data is on, as far as it can be known from here.</summary>
internal static class DiskSpace
{
    /// <summary>
    /// Of the disk below this process: on a single host containers and volumes share it. In Kubernetes the database's volume is somewhere else,
    /// so there it is null.
    /// </summary>
    public static long? Free()
    {
        if (Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 })
        {
            return null;
        }

        try
        {
            return new DriveInfo(AppContext.BaseDirectory).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
