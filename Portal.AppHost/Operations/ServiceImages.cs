using System.Runtime.InteropServices;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Operations;

/// <summary>
/// The images of our services. The SDK that runs this program publishes each service once, and Docker only adds the result to a base: nothing is
/// restored inside a build, so that a base of any origin does.
/// </summary>
/// <param name="version">The label <c>org.opencontainers.image.version</c>.</param>
/// <param name="registry">What the names begin with, a slash at its end; empty for images of this host.</param>
/// <param name="baseImage">In place of the one that the Dockerfile names; null for that.</param>
internal sealed class ServiceImages(Repository repository, string version, string registry, string tag, string? baseImage)
{
    /// <summary>Our services, each once, by the names of their images and of the Dockerfile's stages.</summary>
    public static IReadOnlyList<Service> Services { get; } =
        [.. Stacks.Client("abc0001").Services.Concat(Stacks.Admin().Services).Append(Gateway.Service).Where(service => !service.IsForeign).DistinctBy(service => service.Name)];

    // A program for every platform carries the native libraries of all: 470 MB in the API's image.
    private static string Platform => $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>The lines to run, in their order, in the repository's root.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> StepsAsync(bool push, CancellationToken cancel)
    {
        var revision = await RevisionAsync(cancel);
        List<IReadOnlyList<string>> steps = [];
        foreach (var service in Services)
        {
            var folder = Path.Combine(repository.Root, "artifacts", "images", service.Name);
            var name = $"{registry}{service.Image}:{tag}";
            steps.Add([Repository.Dotnet, "publish", service.ProjectFile, "--nologo", "--verbosity", "quiet", "--configuration", "Release", "--runtime", Platform, "--no-self-contained", "-p:UseAppHost=false", "-p:DebugType=none", "--output", folder]);
            steps.Add(
            [
                "docker", "build", "--quiet", "--file", "Dockerfile", "--target", service.Name, "--tag", name,
                "--build-arg", $"VERSION={version}", "--build-arg", $"REVISION={revision}",
                .. baseImage is null ? (string[])[] : ["--build-arg", $"BASE={baseImage}"],
                folder,
            ]);
            if (push) steps.Add(["docker", "push", "--quiet", name]);
        }

        return steps;
    }

    /// <summary>Runs the steps; stops at the first that fails.</summary>
    /// <exception cref="UsageException">There is no Docker, or it does not answer.</exception>
    public async Task<int> BuildAsync(IReadOnlyList<IReadOnlyList<string>> steps, Action<string> tell, CancellationToken cancel)
    {
        await Docker.RequireAsync(Toolbox.Here, cancel);
        // What an earlier version left would get into the images.
        var folder = Path.Combine(repository.Root, "artifacts", "images");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        foreach (var step in steps)
        {
            tell(string.Join(' ', step));
            var exitCode = await Command.StreamAsync(step, repository.Root, tell, cancel);
            if (exitCode == 0) continue;
            tell($"Failed with exit code {exitCode}. Images that were built before keep their tags; run ./portal images again when this is mended.");
            return 1;
        }

        return 0;
    }

    /// <summary>The commit, with <c>-dirty</c> where the files differ from it; <c>unknown</c> outside a clone.</summary>
    private async Task<string> RevisionAsync(CancellationToken cancel)
    {
        var described = await Command.RunAsync(["git", "-C", repository.Root, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"], TimeSpan.FromSeconds(30), cancel);
        return described.Succeeded ? described.Output : "unknown";
    }
}
