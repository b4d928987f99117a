namespace Portal.AppHost.Local;

/// <summary>The files from which the gateway learns of the stacks.</summary>
internal static class GatewayFiles
{
    /// <summary>Writes one per stack and takes those of stacks away that are not there any more.</summary>
    public static async Task WriteAsync(StateFolder folder, LocalPlan plan, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder.Routes);
        var wanted = plan.Stacks.ToDictionary(stack => Path.Combine(folder.Routes, $"{stack.Code}.json"));
        foreach (var stale in Directory.EnumerateFiles(folder.Routes).Where(file => !wanted.ContainsKey(file))) File.Delete(stale);
        foreach (var (path, stack) in wanted)
        {
            // A gateway that watches the folder must not see half a file.
            await File.WriteAllTextAsync($"{path}.new", plan.Routes(stack), cancel);
            File.Move($"{path}.new", path, overwrite: true);
        }
    }
}
