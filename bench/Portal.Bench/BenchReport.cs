using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace Portal.Bench;

/// <summary>What a benchmark found: shown as a table, and kept in <c>bench/results</c> with the machine's description.</summary>
internal sealed class BenchReport(string name)
{
    /// <summary>The clone that is measured.</summary>
    public static readonly string Root = FindRoot();

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(string What, string Figure, string Goal)> lines = [];

    /// <param name="goal">Of <c>performance.md</c>, and whether it is met; empty: there is none.</param>
    public void Add(string what, string figure, string goal = "")
    {
        lines.Add((what, figure, goal));
        Console.WriteLine($"  {what,-70} {figure,22}  {goal}");
    }

    /// <summary>A goal with its verdict.</summary>
    public static string Goal(string text, bool isMet) => $"{text} {(isMet ? "✓" : "✗")}";

    /// <summary>Percentiles of times, in milliseconds: <c>p50 1.2 · p95 3.4 · p99 5.6 ms</c>.</summary>
    public static string Percentiles(List<double> milliseconds)
    {
        milliseconds.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"p50 {At(0.5):0.#} · p95 {At(0.95):0.#} · p99 {At(0.99):0.#} ms");
        double At(double part) => milliseconds.Count == 0 ? double.NaN : milliseconds[(int)Math.Min(milliseconds.Count - 1, part * milliseconds.Count)];
    }

    public async Task WriteAsync(string connectionString)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var version = dataSource.CreateCommand("SELECT current_setting('server_version') || ', shared_buffers ' || current_setting('shared_buffers') || ', fsync ' || current_setting('fsync')");
        await WriteWithoutDatabaseAsync($"PostgreSQL {await version.ExecuteScalarAsync()}. Client, service and database share the cores.");
    }

    /// <param name="versions">What else took part, with its version: the end of the machine's description.</param>
    public async Task WriteWithoutDatabaseAsync(string versions)
    {
        var now = TimeProvider.System.GetUtcNow();
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {name}, {now:yyyy-MM-dd}");
        text.AppendLine();
        text.AppendLine(Machine(versions));
        text.AppendLine();
        text.AppendLine("| what | figure | goal |");
        text.AppendLine("|---|---|---|");
        lines.ForEach(line => text.AppendLine(CultureInfo.InvariantCulture, $"| {line.What} | {line.Figure} | {line.Goal} |"));
        var file = Path.Combine(Root, "bench", "results", string.Create(CultureInfo.InvariantCulture, $"{name}-{now:yyyy-MM-dd}.md"));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text.ToString());
        // The same for programs that compare runs.
        var json = new { name, day = now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), machine = Machine(versions), lines = lines.Select(line => new { what = line.What, figure = line.Figure, goal = line.Goal }) };
        await File.WriteAllTextAsync(Path.ChangeExtension(file, ".json"), JsonSerializer.Serialize(json, Readable) + "\n");
        Console.WriteLine($"\nKept in {Path.GetRelativePath(Root, file)}");
    }

    private static string Machine(string versions)
    {
        var cpu = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores ({cpu ?? RuntimeInformation.ProcessArchitecture.ToString()}), {memory:0} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {versions}"
        );
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Not inside a clone of the repository.");
        }

        return folder.FullName;
    }
}
