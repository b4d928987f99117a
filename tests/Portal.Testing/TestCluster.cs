using System.Text.Json;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;

namespace Portal.Testing;

/// <summary>The private cluster of this test process, and the clearing away of those that killed runs left behind.</summary>
internal static class TestCluster
{
    private const string Prefix = "tau-test-postgres-";

    public static async Task<PostgresCluster> StartAsync(CancellationToken cancel)
    {
        await RemoveAbandonedAsync(cancel);
        var folder = Directory.CreateTempSubdirectory(Prefix).FullName;
        // The server's own user has to get through.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        await File.WriteAllTextAsync(Path.Combine(folder, "owner"), JsonSerializer.Serialize(ProcessIdentity.Own), cancel);
        Guardian.Watch(folder);
        return await PostgresCluster.StartAsync(new PostgresClusterOptions { Folder = Path.Combine(folder, "pg"), Durable = false }, cancel);
    }

    private static async Task RemoveAbandonedAsync(CancellationToken cancel)
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            if (IsAbandoned(Path.Combine(folder, "owner"))) await RemoveAsync(folder, cancel);
        }
    }

    // Without the note the folder is being made right now, unless it is old; another user's can't be read.
    private static bool IsAbandoned(string note)
    {
        try
        {
            if (!File.Exists(note)) return TimeProvider.System.GetUtcNow() - Directory.GetCreationTimeUtc(Path.GetDirectoryName(note)!) > TimeSpan.FromHours(1);
            return JsonSerializer.Deserialize<ProcessIdentity>(File.ReadAllText(note)) is { IsAlive: false };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }

    private static async Task RemoveAsync(string folder, CancellationToken cancel)
    {
        try
        {
            await PostgresLeftover.EndAsync(Path.Combine(folder, "pg", "data"), cancel);
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Two runs may clear the same folder, or its guardian is at it; whoever comes second has nothing left to do.
        }
    }
}
