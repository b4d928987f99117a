using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>SQL is one of three seams: it lives in the room that owns the tables.</summary>
public sealed partial class SqlTests
{
    // The owners of the measurements, of the portal's tables and of the fleet's.
    private static readonly string[] Owners = ["Portal.TimeSeries", "Portal.Data", "Fleet.Aggregator"];

    // What a deployer asks a stack's database from outside, by psql, whatever the version of its services: backups, restores, checks.
    private static readonly string[] Operating = ["Portal.AppHost/Operations/", "Portal.AppHost/Manifests/Files/"];

    [Fact]
    public void Sql_is_written_only_where_the_tables_are_owned()
    {
        List<string> strays = [];
        foreach (var file in Repository.Files.Where(IsProduct).Where(file => !Owners.Contains(Repository.Room(file)) && !IsOperating(file)))
        {
            foreach (var (number, line) in Repository.Lines(file).Index())
            {
                if (IsComment(line) || !Statement().IsMatch(line) || IsAllowed(Repository.Room(file), line)) continue;
                strays.Add($"{file}:{number + 1}: {line.Trim()}");
            }
        }

        Assert.True(strays.Count == 0, "SQL outside the rooms that own tables:" + Environment.NewLine + string.Join(Environment.NewLine, strays));
    }

    [Fact]
    public void The_aggregator_never_touches_a_customers_tables()
    {
        var strays = Repository.Files.Where(file => Repository.Room(file) == "Fleet.Aggregator" && IsProduct(file))
            .SelectMany(file => Repository.Lines(file).Where(line => !IsComment(line) && line.Contains("monitoring.", StringComparison.Ordinal)));

        Assert.Empty(strays);
    }

    [Fact]
    public void Script_files_of_sql_lie_in_the_rooms_that_run_them()
    {
        Assert.DoesNotContain(
            Repository.Files.Where(file => file.EndsWith(".sql", StringComparison.Ordinal)),
            file => !Owners.Contains(Repository.Room(file)) && !IsOperating(file) && Repository.Room(file) is not ("tests" or "docs" or "bench" or "grafana"));
    }

    // A statement as it stands in a string: keywords in capitals. Prose and LINQ don't look like that.
    [GeneratedRegex(@"\b(SELECT|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\S+\s+SET|MERGE\s+INTO|TRUNCATE|COPY\s+\S+|(CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+)?[A-Z]+)\s")]
    private static partial Regex Statement();

    private static bool IsProduct(string file) => Project.All.Any(project => project.IsRoom && project.Name == Repository.Room(file))
        && (file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".sql", StringComparison.Ordinal));

    private static bool IsOperating(string file) => Operating.Any(folder => file.StartsWith(folder, StringComparison.Ordinal));

    private static bool IsComment(string line) => line.TrimStart() is var text
        && (text.StartsWith("//", StringComparison.Ordinal) || text.StartsWith("--", StringComparison.Ordinal));

    private static bool IsAllowed(string room, string line) => room switch
    {
        // EF Core has no word for a lock. A lock reads nothing but the row it takes.
        "Portal.Api" => line.Contains("FOR UPDATE", StringComparison.Ordinal) || line.Contains("pg_advisory_", StringComparison.Ordinal),
        // The engine that starts a server also makes its databases.
        "Portal.AppHost" => Regex.IsMatch(line, @"pg_database|pg_roles|(CREATE|ALTER|DROP)\s+(DATABASE|ROLE|USER)\s|SELECT 1\b"),
        _ => false,
    };
}
