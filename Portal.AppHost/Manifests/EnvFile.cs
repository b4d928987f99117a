using System.Security.Cryptography;
using System.Text;

namespace Portal.AppHost.Manifests;

/// <summary>A line of a stack's <c>.env</c>.</summary>
/// <param name="Value">Null: a secret that is made when it is missing.</param>
/// <param name="Comment">What stands above it.</param>
internal sealed record EnvVariable(string Name, string? Value, string Comment = "");

/// <summary>
/// A file of <c>NAME=value</c> lines that belongs to the deployer: what stands in it stays, whatever its order and comments, and only what is missing is
/// added at its end. Values are taken literally, quotes around them off.
/// </summary>
internal sealed class EnvFile
{
    // 190 bits; letters and digits alone, which need no quoting in any of the places that secrets get to.
    private const int SecretLength = 32;

    private readonly List<string> _lines;

    private EnvFile(IEnumerable<string> lines) => _lines = [.. lines];

    public static EnvFile Read(string path) => Parse(File.Exists(path) ? File.ReadAllText(path) : "");

    public static EnvFile Parse(string text) => new(text.TrimEnd('\n').Split('\n').SkipWhile(line => line.Length == 0).Select(line => line.TrimEnd('\r')));

    /// <summary>A variable's value; null where it is missing. The last line of a name counts, as it does for Compose.</summary>
    public string? this[string name] => Values.LastOrDefault(value => value.Name == name).Value;

    /// <summary>Everything in it, in its order.</summary>
    public IEnumerable<(string Name, string Value)> Values =>
        from line in _lines
        let at = line.IndexOf('=', StringComparison.Ordinal)
        where at > 0 && !line.TrimStart().StartsWith('#')
        select (line[..at].Trim(), Unquoted(line[(at + 1)..].Trim()));

    /// <summary>Sets a variable where it stands, or at the end.</summary>
    public void Set(string name, string value)
    {
        var at = _lines.FindLastIndex(line => line.StartsWith($"{name}=", StringComparison.Ordinal));
        if (at >= 0) _lines[at] = $"{name}={value}";
        else _lines.Add($"{name}={value}");
    }

    /// <summary>Adds what is missing and makes the secrets among it.</summary>
    /// <returns>The names that were added.</returns>
    public IReadOnlyList<string> Complete(IEnumerable<EnvVariable> variables)
    {
        List<string> added = [];
        foreach (var variable in variables.Where(variable => this[variable.Name] is null))
        {
            if (variable.Comment.Length > 0) _lines.Add($"# {variable.Comment}");
            _lines.Add($"{variable.Name}={variable.Value ?? NewSecret()}");
            added.Add(variable.Name);
        }

        return added;
    }

    /// <summary>A secret nobody guesses.</summary>
    public static string NewSecret() => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", SecretLength);

    public override string ToString() => new StringBuilder().AppendJoin('\n', _lines).Append('\n').ToString();

    private static string Unquoted(string value) =>
        value is ['"', .., '"'] or ['\'', .., '\''] && value.Length > 1 ? value[1..^1] : value;
}
