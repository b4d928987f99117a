using System.CommandLine;
using Portal.AppHost.Local;
using Portal.AppHost.Operations;
using Portal.AppHost.Terminal;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal images</c>: builds the images of our services, and pushes them where that is asked for.</summary>
internal sealed class ImagesCommand : Command
{
    private readonly Option<string> _tag = new("--tag") { Description = "Their tag (default: this version).", HelpName = "tag", DefaultValueFactory = _ => PublishCommand.OwnVersion };
    private readonly Option<string?> _registry = new("--registry") { Description = "The registry that their names begin with (default: none, for this host alone).", HelpName = "registry" };
    private readonly Option<string?> _base = new("--base") { Description = "An image with the ASP.NET Core runtime, ICU and time zones, in place of Microsoft's.", HelpName = "image" };
    private readonly Option<bool> _push = new("--push") { Description = "Push them to the registry." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show what would run." };

    public ImagesCommand()
        : base("images", "Build the images of all services with Docker.")
    {
        foreach (var option in (Option[])[_tag, _registry, _base, _push, _dryRun]) Options.Add(option);
        Validators.Add(result =>
        {
            if (result.GetValue(_push) && string.IsNullOrWhiteSpace(result.GetValue(_registry))) result.AddError("--push needs --registry: the registry to push to, such as registry.example.com/portal.");
        });
        SetAction((parsed, _) => RunAsync(parsed));
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using var interruption = new Interruption();
        var registry = parsed.GetValue(_registry) is { Length: > 0 } given ? $"{given.TrimEnd('/')}/" : "";
        var images = new ServiceImages(Repository.Find(), PublishCommand.OwnVersion, registry, parsed.GetValue(_tag)!, parsed.GetValue(_base));
        var steps = await images.StepsAsync(parsed.GetValue(_push), interruption.Stop);
        if (!parsed.GetValue(_dryRun)) return await images.BuildAsync(steps, Console.WriteLine, interruption.Stop);
        foreach (var step in steps) Console.WriteLine(string.Join(' ', step));
        return 0;
    }
}
