using Portal.AppHost.Local;
using Portal.AppHost.Manifests;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Operations;

/// <summary>The file of a directory with the token of the stack's push; ingest reads it again when it changes.</summary>
internal static class FleetTokenFile
{
    // What the containers run as.
    private const string ContainerUser = "1000:1000";

    /// <summary>Finds out whether it can be written. A token is shown once: better to find now than then that it can't be kept.</summary>
    public static async Task TryAsync(StackDirectory directory, CancellationToken cancel)
    {
        await PrivateFile.WriteAsync($"{directory.FleetToken}.try", "", cancel);
        File.Delete($"{directory.FleetToken}.try");
    }

    /// <summary>Keeps a token, even while everything stops.</summary>
    /// <exception cref="StepFailedException">It is kept, and ingest may not read it yet.</exception>
    public static async Task KeepAsync(StackDirectory directory, Target target, string token)
    {
        await PrivateFile.WriteAsync(directory.FleetToken, token, CancellationToken.None);
        if (target != Target.Compose || OperatingSystem.IsWindows()) return;
        // Not through a link: the folder is the containers' user's, who could put one to any file of the host there.
        var given = await Command.RunAsync(["chown", "-h", ContainerUser, directory.FleetToken], TimeSpan.FromSeconds(10), CancellationToken.None);
        if (!given.Succeeded) throw new StepFailedException($"The new token is in {directory.FleetToken}, and ingest may not read it.", $"sudo chown {ContainerUser} {directory.FleetToken}; that is all.");
    }
}
