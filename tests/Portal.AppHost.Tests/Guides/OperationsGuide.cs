using System.Text.RegularExpressions;
using Portal.AppHost.Tests.CommandLine;

namespace Portal.AppHost.Tests.Guides;

/// <summary>A line of a fenced block, with what the lines <c># expect …</c> below it say that it shows.</summary>
internal sealed record GuideCommand(string Line, IReadOnlyList<string> Expected)
{
    /// <summary>Its words as a shell would hand them over. The guide uses double and single quotes and nothing cleverer.</summary>
    public IReadOnlyList<string> Words { get; } = [.. Regex.Matches(Line, "\"[^\"]*\"|'[^']*'|\\S+").Select(word => word.Value.Trim('"', '\''))];
}

/// <summary>OPERATIONS.md as tests read it.</summary>
internal static partial class OperationsGuide
{
    public static string Text { get; } = File.ReadAllText(Path.Combine(PortalProgram.Repository.Root, "OPERATIONS.md"));

    /// <summary>Commands of the blocks of a language, in their order.</summary>
    public static IReadOnlyList<GuideCommand> Commands(string language)
    {
        var commands = new List<(string Line, List<string> Expected)>();
        foreach (Match block in Fence().Matches(Text).Where(block => block.Groups["language"].Value == language))
        {
            foreach (var line in block.Groups["body"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.StartsWith("# expect ", StringComparison.Ordinal)) commands[^1].Expected.Add(line["# expect ".Length..]);
                else commands.Add((line, []));
            }
        }

        return [.. commands.Select(command => new GuideCommand(command.Line, command.Expected))];
    }

    /// <summary>Statements of the blocks of a language.</summary>
    public static IReadOnlyList<string> Statements(string language) =>
        [.. string.Join('\n', Commands(language).Select(command => command.Line)).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>What stands in backticks outside of fenced blocks.</summary>
    public static IReadOnlyList<string> Quoted { get; } = [.. Code().Matches(Fence().Replace(Text, "")).Select(code => code.Groups["text"].Value).Distinct()];

    /// <summary>Log lines and messages: the second column of the troubleshooting table, the first of the table of lines.</summary>
    public static IReadOnlyList<string> Lines { get; } =
    [
        .. Section("## Troubleshooting").SelectMany(row => Code().Matches(row.Split(" | ")[1])).Select(code => code.Groups["text"].Value),
        .. Section("## Health and monitoring").Where(row => row.StartsWith("| `", StringComparison.Ordinal) && !row.Contains("GET ", StringComparison.Ordinal))
            .SelectMany(row => Code().Matches(row.Split(" | ")[0])).Select(code => code.Groups["text"].Value),
    ];

    private static IEnumerable<string> Section(string heading) => Text[Text.IndexOf(heading, StringComparison.Ordinal)..].Split("\n## ")[0].Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| symptom", StringComparison.Ordinal) && !line.StartsWith("| line", StringComparison.Ordinal));

    [GeneratedRegex("""^```(?<language>\w+)\n(?<body>.*?)^```$""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`(?<text>[^`\n]+)`")]
    private static partial Regex Code();
}
