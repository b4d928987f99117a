using System.Text.RegularExpressions;
using Portal.AppHost.CommandLine;
using Portal.AppHost.Tests.CommandLine;
using Portal.AppHost.Tests.Manifests;

namespace Portal.AppHost.Tests.Guides;

/// <summary>What the operations guide names exists: commands and options, variables, services, containers, volumes, and the lines that it quotes.</summary>
public sealed partial class GuideNamesTests
{
    private static readonly string Root = PortalProgram.Repository.Root;

    private static readonly string Manifests = string.Join('\n', ((string[])["compose-customer", "compose-admin", "compose-edge"])
        .SelectMany(name => Published.Of(name).Files.Where(file => file.Path == "compose.yaml").Select(file => file.Content)));

    private static readonly Lazy<string> Sources = new(() => string.Join('\n', ((string[])["Portal.Api", "Portal.Data", "Portal.Ingest", "Portal.TimeSeries", "Portal.ServiceDefaults", "Portal.Gateway", "Portal.Web", "Fleet.Aggregator", "Portal.Contracts", "Portal.AppHost"])
        .SelectMany(room => Directory.EnumerateFiles(Path.Combine(Root, room), "*.*", SearchOption.AllDirectories)).Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".sql", StringComparison.Ordinal))
        .Select(File.ReadAllText)));

    public static TheoryData<string> PortalLines => [.. OperationsGuide.Commands("bash").Select(command => command.Line).Where(line => line.Contains("./portal ", StringComparison.Ordinal)).Distinct()];

    [Theory]
    [MemberData(nameof(PortalLines))]
    public void Every_portal_command_is_one_that_it_understands(string line)
    {
        foreach (Match command in PortalCall().Matches(line))
        {
            var parsed = PortalCommand.Root(TimeProvider.System).Parse([.. new GuideCommand(command.Groups["rest"].Value, []).Words]);
            Assert.True(parsed.Errors.Count == 0, $"{line}: {string.Join(" ", parsed.Errors.Select(error => error.Message))}");
        }
    }

    [Fact]
    public void Every_portal_command_that_the_text_mentions_is_one_too()
    {
        var known = PortalCommand.Root(TimeProvider.System).Subcommands.ToDictionary(command => command.Name);
        foreach (var mention in OperationsGuide.Quoted.Where(text => text.StartsWith("./portal ", StringComparison.Ordinal)).Select(text => text.Split(' ')))
        {
            Assert.True(known.TryGetValue(mention[1], out var command), $"there is no ./portal {mention[1]}");
            if (mention is [_, "rotate", var secret]) Assert.Contains(command!.Subcommands, one => one.Name == secret);
        }
    }

    [Fact]
    public void Every_variable_is_documented_or_in_the_manifests()
    {
        var documented = string.Join('\n', ((string[])["CONFIGURATION.md", "PUBLISHING.md", "GRAFANA.md"]).Select(file => File.ReadAllText(Path.Combine(Root, "docs", file))));
        var named = OperationsGuide.Quoted.Select(text => text.Split('=')[0]).Where(text => Variable().IsMatch(text)).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.True(documented.Contains(name, StringComparison.Ordinal) || Manifests.Contains(name, StringComparison.Ordinal), $"{name} is in no table and no manifest"));
    }

    [Fact]
    public void Every_container_and_volume_is_one_of_the_stacks()
    {
        var named = StackName().Matches(OperationsGuide.Text).Select(name => name.Groups["part"].Value).Distinct().ToList();

        Assert.Contains("timescale", named);
        Assert.All(named, part => Assert.Contains($"is missing in .env}}_{part}\"", Manifests, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_service_is_one_of_the_stacks()
    {
        var sentence = OperationsGuide.Text.Split('\n').Single(line => line.StartsWith("Services: ", StringComparison.Ordinal)).Split("Containers:")[0];
        foreach (Match service in Quote().Matches(sentence)) Assert.Contains($"\n  {service.Groups["name"].Value}:\n", Manifests, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_line_that_it_quotes_is_written_by_the_code()
    {
        // Grafana's own line, and a word that is none.
        string[] foreign = ["request ip is not in the configured accept list", "timescaledb"];
        var quoted = OperationsGuide.Lines.Where(line => !Variable().IsMatch(line) && !foreign.Contains(line)).ToList();

        Assert.True(quoted.Count > 20, $"only {quoted.Count} lines found");
        foreach (var line in quoted)
            foreach (var part in line.Split('…', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(part => part.Length > 3 && !FromTheServer().IsMatch(part)))
                Assert.True(Sources.Value.Contains(part, StringComparison.Ordinal), $"the guide quotes \"{line}\", and no source says \"{part}\"");
    }

    [GeneratedRegex(@"\./portal (?<rest>[^|&;)]+)")]
    private static partial Regex PortalCall();

    [GeneratedRegex("^([A-Z]+_[A-Z_]+|[A-Z][A-Za-z]+__[A-Za-z]+)$")]
    private static partial Regex Variable();

    [GeneratedRegex("(abc0001|admin(?!_fleet))_(?<part>[a-z-]+)")]
    private static partial Regex StackName();

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Quote();

    // PostgreSQL's words; steps that the code puts together.
    [GeneratedRegex("password authentication failed|^Failed to (reach|apply|prepare)|^' can't")]
    private static partial Regex FromTheServer();
}
