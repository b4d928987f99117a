namespace Architecture.Tests;

/// <summary>Who may lean on whom. A new room, or a new reference, is a decision: it is written here first.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Portal.Contracts"] = [],
        ["Portal.Domain"] = [],
        ["Portal.ServiceDefaults"] = [],
        // The time series of stack and fleet: tables of neither but the measurements.
        ["Portal.TimeSeries"] = ["Portal.Domain"],
        ["Portal.Data"] = ["Portal.Domain", "Portal.TimeSeries"],
        // These two see Portal.TimeSeries through Portal.Data: what is written and what became of it.
        ["Portal.Ingest"] = ["Portal.Contracts", "Portal.Data", "Portal.Domain", "Portal.ServiceDefaults"],
        ["Portal.Api"] = ["Portal.Contracts", "Portal.Data", "Portal.Domain", "Portal.ServiceDefaults"],
        ["Portal.Web"] = ["Portal.Contracts", "Portal.ServiceDefaults"],
        ["Portal.Gateway"] = ["Portal.ServiceDefaults"],
        ["Fleet.Aggregator"] = ["Portal.Contracts", "Portal.Domain", "Portal.ServiceDefaults", "Portal.TimeSeries"],
        // It starts the services as processes; it knows none of their code.
        ["Portal.AppHost"] = [],
    };

    [Fact]
    public void Rooms_refer_only_to_the_rooms_below_them()
    {
        var rooms = Project.All.Where(project => project.IsRoom).ToList();
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), rooms.Select(room => room.Name).Order(StringComparer.Ordinal));

        foreach (var room in rooms)
        {
            var beyond = room.References.Except(Allowed[room.Name]).ToList();
            Assert.True(beyond.Count == 0, $"{room.Name} may not refer to {string.Join(", ", beyond)}.");
        }
    }

    [Fact]
    public void Every_service_has_the_service_defaults()
    {
        var services = Project.All.Where(project => project.IsRoom && Repository.Text(project.File).Contains("Microsoft.NET.Sdk.Web", StringComparison.Ordinal)).ToList();

        Assert.Equal(["Fleet.Aggregator", "Portal.Api", "Portal.Gateway", "Portal.Ingest", "Portal.Web"], services.Select(service => service.Name).Order(StringComparer.Ordinal));
        Assert.All(services, service => Assert.Contains("Portal.ServiceDefaults", service.References));
        foreach (var program in services.Select(service => Repository.Text($"{service.Name}/Program.cs")).Where(program => program.Contains(".Map", StringComparison.Ordinal)))
            Assert.Contains("builder.AddServiceDefaults();", program, StringComparison.Ordinal);
    }

    [Fact]
    public void Product_code_never_refers_to_tests_and_tools_never_to_rooms()
    {
        var tests = Project.All.Where(project => project.File.StartsWith("tests/", StringComparison.Ordinal)).Select(project => project.Name).ToHashSet();
        foreach (var project in Project.All.Where(project => !tests.Contains(project.Name)))
            Assert.DoesNotContain(project.References, tests.Contains);

        // The simulator is a meter: it knows the wire as a meter does, not our records.
        foreach (var tool in Project.All.Where(project => project.File.StartsWith("tools/", StringComparison.Ordinal)))
            Assert.Empty(tool.References);
    }

    [Fact]
    public void Contracts_and_domain_are_plain_code()
    {
        foreach (var room in Project.All.Where(project => project.Name is "Portal.Contracts" or "Portal.Domain"))
        {
            Assert.Empty(room.Packages);
            Assert.Empty(room.Items("FrameworkReference"));
        }
    }

    [Fact]
    public void Only_rooms_that_own_data_know_the_database()
    {
        string[] owners = ["Portal.TimeSeries", "Portal.Data", "Portal.Api", "Portal.Ingest", "Fleet.Aggregator", "Portal.AppHost"];
        foreach (var room in Project.All.Where(project => project.IsRoom && !owners.Contains(project.Name)))
        {
            Assert.DoesNotContain(room.Packages, package =>
                package.Contains("Npgsql", StringComparison.Ordinal) || package.Contains("EntityFramework", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_no_project_states_a_version()
    {
        var solution = Repository.Text("Portal.sln");
        foreach (var project in Project.All)
        {
            Assert.Contains(project.File.Replace('/', '\\'), solution, StringComparison.Ordinal);
            Assert.All(project.Items("PackageReference"), item => Assert.Null(item.Attribute("Version")));
        }
    }
}
