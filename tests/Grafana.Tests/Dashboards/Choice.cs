using System.Text.RegularExpressions;

namespace Grafana.Tests.Dashboards;

/// <summary>What is chosen for a dashboard's variables, and how it gets into a query.</summary>
internal sealed partial class Choice
{
    private readonly Dictionary<string, string> texts = [];

    /// <summary>A variable that can have several values at once: each is quoted, and they are divided by commas.</summary>
    public void Several(string name, IEnumerable<string> values) => texts[name] = string.Join(',', values.Select(value => $"'{Escaped(value)}'"));

    /// <summary>A variable with one value: its quotes are doubled, nothing is put around it.</summary>
    public void One(string name, string value) => texts[name] = Escaped(value);

    /// <summary>What the dashboard says stands for all values, as it is.</summary>
    public void Custom(string name, string text) => texts[name] = text;

    /// <summary><c>$name</c> and <c>${name}</c>, but not Grafana's own, which begin with two underscores.</summary>
    public string Fill(string sql) => Variable().Replace(sql, variable =>
        texts.TryGetValue(variable.Groups["name"].Value, out var text) ? text : throw new FormatException($"The dashboard has no variable {variable.Value}."));

    private static string Escaped(string value) => value.Replace("'", "''", StringComparison.Ordinal);

    [GeneratedRegex(@"\$(\{(?<name>(?!__)\w+)\}|(?<name>(?!__)\w+))")]
    private static partial Regex Variable();
}
