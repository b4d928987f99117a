using Portal.AppHost.Manifests;
using static System.IO.UnixFileMode;

namespace Portal.AppHost.Operations.Deployment;

/// <summary>What a host's edge is told of a stack: a file in the edge's directory, which it reads within a second.</summary>
internal sealed class EdgeRoute
{
    private readonly DeployedStack _edge;
    private readonly DeployedStack _stack;

    private EdgeRoute(DeployedStack edge, DeployedStack stack) => (_edge, _stack) = (edge, stack);

    /// <summary>The file in the edge's directory.</summary>
    public string File => Path.Combine(_edge.Directory.Routes, $"{_stack.Project}.json");

    /// <exception cref="UsageException">No edge lies there.</exception>
    public static EdgeRoute Of(string edge, DeployedStack stack)
    {
        var opened = DeployedStack.Open(edge);
        if (opened.Kind != StackKind.Edge) throw new UsageException($"--edge {opened.Directory.Root} holds the stack {opened.Project}, and no edge. Nothing was changed. Give the directory of ./portal publish --stack edge.");
        if (stack.Target != Target.Compose) throw new UsageException("--edge is for Compose: on Kubernetes the cluster's Ingress stands before the stacks. Nothing was changed.");
        return new(opened, stack);
    }

    /// <summary>Copies the stack's file there, in one step: the edge sees the old one or the new one.</summary>
    public async Task CopyAsync(CancellationToken cancel)
    {
        var next = $"{File}.new";
        System.IO.File.Delete(next);
        await System.IO.File.WriteAllTextAsync(next, await System.IO.File.ReadAllTextAsync(Path.Combine(_stack.Directory.Root, "edge", $"{_stack.Project}.json"), cancel), cancel);
        // The edge's user reads it, whatever this account's umask keeps from others.
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(next, UserRead | UserWrite | GroupRead | OtherRead);
        System.IO.File.Move(next, File, overwrite: true);
    }

    public void Remove() => System.IO.File.Delete(File);
}
