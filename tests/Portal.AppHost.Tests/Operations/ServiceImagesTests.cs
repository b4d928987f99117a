using Portal.AppHost.Operations;
using Portal.AppHost.Tests.CommandLine;

namespace Portal.AppHost.Tests.Operations;

public sealed class ServiceImagesTests
{
    private static readonly ServiceImages Images = new(PortalProgram.Repository, "1.2.3", "registry.example.com/portal/", "1.2.3-rc", "base:local");

    [Fact]
    public void Every_service_of_ours_has_a_stage_that_starts_its_program()
    {
        var stages = File.ReadAllText(Path.Combine(PortalProgram.Repository.Root, "Dockerfile")).Split("\nFROM program AS ")[1..]
            .ToDictionary(stage => stage.Split('\n')[0], stage => stage.TrimEnd());

        Assert.Equal(["aggregator", "api", "gateway", "ingest", "web"], stages.Keys.Order());
        Assert.Equal(stages.Keys.Order(), ServiceImages.Services.Select(service => service.Name).Order());
        Assert.All(ServiceImages.Services, service => Assert.EndsWith($"title=\"{service.Image}\"\nENTRYPOINT [\"dotnet\", \"{service.Project}.dll\"]", stages[service.Name], StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_is_published_built_with_its_version_and_commit_and_pushed_only_where_asked()
    {
        var built = await Images.StepsAsync(push: false, CancellationToken.None);
        var pushed = await Images.StepsAsync(push: true, CancellationToken.None);

        Assert.DoesNotContain(built, step => step.Contains("push"));
        Assert.Equal(ServiceImages.Services.Count, pushed.Count(step => step.Contains("push")));
        var api = built.Single(step => step[0] == "docker" && step.Contains("api"));
        Assert.Contains("registry.example.com/portal/tau-acuvim-portal-api:1.2.3-rc", api);
        Assert.Contains("VERSION=1.2.3", api);
        Assert.Contains("BASE=base:local", api);
        Assert.Contains(api, argument => argument.StartsWith("REVISION=", StringComparison.Ordinal));
    }
}
