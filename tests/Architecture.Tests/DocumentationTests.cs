using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>A setting that nobody can find doesn't exist.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void Every_setting_is_in_the_configuration_tables()
    {
        var documented = Repository.Text("docs/CONFIGURATION.md");
        var settings = Repository.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && !file.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(file => OptionsClass().Matches(Repository.Text(file)))
            .SelectMany(options => Setting().Matches(options.Groups["body"].Value).Select(setting => $"{options.Groups["section"].Value}__{setting.Groups["name"].Value}"))
            .Distinct()
            .ToList();

        Assert.NotEmpty(settings);
        var missing = settings.Where(setting => !documented.Contains($"`{setting}`", StringComparison.Ordinal)).ToList();
        Assert.True(missing.Count == 0, $"docs/CONFIGURATION.md lacks {string.Join(", ", missing)}.");
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        List<string> broken = [];
        foreach (var file in Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal)))
        {
            foreach (Match link in Link().Matches(Repository.Text(file)))
            {
                var target = Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, link.Groups["path"].Value);
                if (!File.Exists(target) && !Directory.Exists(target)) broken.Add($"{file}: {link.Groups["path"].Value}");
            }
        }

        Assert.Empty(broken);
    }

    // From the section's name to the end of its class: a brace at the line's beginning.
    [GeneratedRegex("""const string SectionName = "(?<section>[^"]+)";(?<body>.*?)^}""", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex OptionsClass();

    [GeneratedRegex("""public [^\s(]+ (?<name>\w+) { get; (set|init); }""")]
    private static partial Regex Setting();

    [GeneratedRegex("""\]\((?!https?:|mailto:|#)(?<path>[^)#\s]+)""")]
    private static partial Regex Link();
}
