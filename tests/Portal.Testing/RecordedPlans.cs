using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Portal.Testing;

/// <summary>
/// The plans by which the server really ran what a service asked, prepared statements' kept plans included: <c>auto_explain</c> of PostgreSQL, sent
/// to the client as notices. Only on a server where the user may load it.
/// </summary>
public sealed partial class RecordedPlans
{
    private const string Options =
        "-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 -c auto_explain.log_level=notice -c client_min_messages=notice "
        + "-c auto_explain.log_analyze=on -c auto_explain.log_timing=off -c auto_explain.log_buffers=on -c auto_explain.log_nested_statements=on";

    private readonly ConcurrentQueue<string> plans = new(); // bound: the statements of one test

    /// <summary>What was run since the last <see cref="Clear"/>, each with its statement.</summary>
    public IReadOnlyCollection<string> All => plans;

    /// <summary>A data source as the service's own, whose statements are recorded.</summary>
    /// <param name="preparedStatements">As many as the service keeps prepared; their plans are then made once, for any parameters.</param>
    public NpgsqlDataSource DataSource(string connectionString, int preparedStatements = 0)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = preparedStatements, Options = Options };
        if (preparedStatements > 0)
        {
            settings.Options += " -c plan_cache_mode=force_generic_plan";
        }

        return new NpgsqlDataSourceBuilder(settings.ConnectionString).UseLoggerFactory(new Notices(plans)).Build();
    }

    public void Clear() => plans.Clear();

    /// <summary>Those whose statements or plans have this in them.</summary>
    public IReadOnlyList<string> With(string text) => [.. plans.Where(plan => plan.Contains(text, StringComparison.Ordinal))];

    /// <summary>Fails with the plan where a step of any statement that has this in it reads or throws away more rows than that.</summary>
    /// <param name="what">What was asked, for the message.</param>
    public void AssertNoneReads(string text, int moreThan, string what = "A statement")
    {
        var found = With(text);
        if (found.Count == 0)
        {
            throw new InvalidOperationException($"No statement with {text} was run. These were:\n{string.Join('\n', plans)}");
        }

        if (found.FirstOrDefault(plan => Rows(plan) > moreThan) is { } plan)
        {
            throw new InvalidOperationException($"{what}: a step reads {Rows(plan)} rows, more than {moreThan}:\n{plan}");
        }
    }

    /// <summary>Fails with the plan where rows of a table with this name, or of a partition or chunk of it, are read from its one end to the other.</summary>
    /// <param name="what">What was asked, for the message.</param>
    public void AssertNoneScans(string what, string table)
    {
        if (plans.FirstOrDefault(plan => plan.Split("->").Any(step => ScansRows(step, table))) is { } plan)
        {
            throw new InvalidOperationException($"{what}: a sequential scan over {table}:\n{plan}");
        }
    }

    // An empty partition is as quick to read as its index.
    private static bool ScansRows(string step, string table) =>
        SequentialScan().Match(step) is { Success: true } scan
        && scan.Groups["table"].Value.Contains(table, StringComparison.Ordinal)
        && (scan.Groups["rows"].Value != "0" || Removed().IsMatch(step));

    // The most that one step delivered in all its rounds, or read for nothing.
    private static long Rows(string plan)
    {
        var delivered = Delivered().Matches(plan).Select(step => long.Parse(step.Groups["rows"].Value, null) * long.Parse(step.Groups["loops"].Value, null));
        var removed = Removed().Matches(plan).Select(step => long.Parse(step.Groups["rows"].Value, null));
        return delivered.Concat(removed).DefaultIfEmpty().Max();
    }

    [GeneratedRegex(@"\(actual rows=(?<rows>\d+)[.\d]* loops=(?<loops>\d+)\)")]
    private static partial Regex Delivered();

    [GeneratedRegex(@"Rows Removed by [\w ]+: (?<rows>\d+)")]
    private static partial Regex Removed();

    [GeneratedRegex(@"Seq Scan on (?<table>\S+).*?\(actual rows=(?<rows>\d+)")]
    private static partial Regex SequentialScan();

    private sealed class Notices(ConcurrentQueue<string> plans) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) { }

        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception) is var line && line.Contains("Query Text:", StringComparison.Ordinal))
            {
                plans.Enqueue(line);
            }
        }
    }
}
