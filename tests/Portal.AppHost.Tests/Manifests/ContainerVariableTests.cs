using System.Text.RegularExpressions;
using Portal.AppHost.Manifests;
using Portal.AppHost.Manifests.Compose;
using Portal.AppHost.Tests.CommandLine;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Tests.Manifests;

/// <summary>Manifests and services agree on every setting: none that nobody reads, none missing without which a service doesn't start.</summary>
public sealed partial class ContainerVariableTests
{
    // Read without an options class; each is found in the sources below as well.
    private static readonly string[] Known =
        ["POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD", "DataProtection:KeysPath"];

    // What every service of a stack is told, whether it is interested or not.
    private static readonly string[] Told = ["ASPNETCORE_URLS", "Application__RunMode", "Application__PublicUrl"];

    // The rooms whose options a service reads: its own and those below it.
    private static readonly Dictionary<string, string[]> Rooms = new()
    {
        ["api"] = ["Portal.Api", "Portal.Data", "Portal.TimeSeries", "Portal.ServiceDefaults"],
        ["ingest"] = ["Portal.Ingest", "Portal.Data", "Portal.TimeSeries", "Portal.ServiceDefaults"],
        ["aggregator"] = ["Fleet.Aggregator", "Portal.TimeSeries", "Portal.ServiceDefaults"],
        ["web"] = ["Portal.Web", "Portal.ServiceDefaults"],
        ["gateway"] = ["Portal.Gateway", "Portal.ServiceDefaults"],
    };

    // What docs/CONFIGURATION.md calls required, and the two without which the API refuses to start.
    private static readonly Dictionary<string, string[]> Required = new()
    {
        ["api"] = ["POSTGRES_HOST", "POSTGRES_PASSWORD", "Authentication__DefaultAdminEmail", "Authentication__DefaultAdminPassword", "DataProtection__KeysPath", "Branding__Path"],
        ["ingest"] = ["POSTGRES_HOST", "POSTGRES_PASSWORD", "services__api__http__0", "FleetIngest__Enabled", "FleetIngest__Url", "FleetIngest__TokenFile"],
        ["aggregator"] = ["POSTGRES_HOST", "POSTGRES_PASSWORD", "services__api__http__0"],
        ["web"] = ["services__api__http__0", "DataProtection__KeysPath"],
        ["gateway"] = ["Gateway__RoutesPath", "Gateway__StatusPort", "Gateway__TrustedForwarders"],
    };

    public static TheoryData<string> Cases => [.. Published.Cases.Where(published => published.Value.Kind != StackKind.Edge).Select(published => published.Key)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_variable_of_a_service_is_one_that_it_reads(string name)
    {
        foreach (var (service, variables) in Variables(name))
        {
            var read = Sources(service).SelectMany(source => OptionsClass().Matches(source))
                .SelectMany(options => Property().Matches(options.Groups["body"].Value).Select(property => $"{options.Groups["section"].Value}__{property.Groups["name"].Value}"))
                .ToHashSet();
            var literal = string.Join('\n', Sources(service));
            foreach (var variable in variables.Except(Told).Where(variable => !variable.StartsWith("services__", StringComparison.Ordinal)))
            {
                var key = variable.Replace("__", ":", StringComparison.Ordinal);
                Assert.True(
                    read.Contains(variable) || (Known.Contains(key) && literal.Contains($"\"{key}\"", StringComparison.Ordinal)),
                    $"{name}: {service} is given {variable}, which it does not read");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_setting_that_a_service_needs_is_given_to_it(string name)
    {
        foreach (var (service, variables) in Variables(name)) Assert.Subset(variables.ToHashSet(), Required[service].ToHashSet());
    }

    [Fact]
    public void What_the_configuration_calls_required_is_required_here()
    {
        var documented = File.ReadAllText(Path.Combine(PortalProgram.Repository.Root, "docs", "CONFIGURATION.md"));
        foreach (Match row in RequiredRow().Matches(documented))
            Assert.Contains(row.Groups["name"].Value, Required.Values.SelectMany(names => names).Concat(["services__aggregator__http__0", "Tls__CertificatesPath"]));
    }

    [Fact]
    public void The_operators_web_is_told_where_the_aggregator_is() =>
        Assert.Contains("services__aggregator__http__0", Variables("compose-admin").Single(service => service.Service == "web").Variables);

    private static IEnumerable<(string Service, List<string> Variables)> Variables(string name)
    {
        var options = Published.Cases[name];
        var stack = PublishedStack.Of(options);
        return stack.Services.Where(service => !service.IsForeign)
            .Select(service => (service.Name, ContainerVariables.Of(stack, service, ComposeFile.Surroundings(options)).Select(variable => variable.Name).ToList()));
    }

    private static IEnumerable<string> Sources(string service) => Rooms[service].SelectMany(room =>
        Directory.EnumerateFiles(Path.Combine(PortalProgram.Repository.Root, room), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

    [GeneratedRegex("""const string SectionName = "(?<section>[^"]+)";(?<body>.*?)^}""", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex OptionsClass();

    [GeneratedRegex("""public [^\s(]+ (?<name>\w+) { get; (set|init); }""")]
    private static partial Regex Property();

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| none, required", RegexOptions.Multiline)]
    private static partial Regex RequiredRow();
}
