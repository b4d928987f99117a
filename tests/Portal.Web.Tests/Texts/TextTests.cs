using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Portal.Web.Tests.Texts;

/// <summary>Every word that people read is in the resources, so that another language can be added.</summary>
public sealed partial class TextTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Markup_holds_no_words()
    {
        List<string> words = [];
        foreach (var file in Directory.EnumerateFiles(Root, "*.razor", SearchOption.AllDirectories))
        {
            // Code, comments and expressions are no text; units and symbols are the same everywhere.
            var markup = Directive().Replace(Code().Replace(File.ReadAllText(file), ""), "");
            markup = Comment().Replace(markup, "");
            words.AddRange(Between().Matches(markup).SelectMany(match => match.Groups["text"].Value.Split('\n')).Select(line => line.Trim())
                .Where(text => Word().IsMatch(Unit().Replace(Expression().Replace(text, ""), "")) && !Statement().IsMatch(text))
                .Select(text => $"{Path.GetRelativePath(Root, file)}: {text}"));
            words.AddRange(Attribute().Matches(markup).Select(match => $"{Path.GetRelativePath(Root, file)}: {match.Value}"));
        }

        Assert.True(words.Count == 0, string.Join(Environment.NewLine, words));
    }

    [Fact]
    public void Every_text_that_is_asked_for_exists_and_every_text_is_asked_for()
    {
        List<string> faults = [];
        foreach (var resources in Directory.EnumerateFiles(Root, "*.resx", SearchOption.AllDirectories))
        {
            var name = Path.GetFileNameWithoutExtension(resources);
            var known = XDocument.Load(resources).Descendants("data").Select(data => data.Attribute("name")!.Value).ToHashSet();
            var users = Sources().Where(file => file.Text.Contains($"IStringLocalizer<{name}>", StringComparison.Ordinal) || file.Text.Contains($"NavigationEntry<{name}>", StringComparison.Ordinal)
                // A list of things with names says whose texts those are.
                || file.Text.Contains($"<see cref=\"{name}\"/>", StringComparison.Ordinal)).ToList();
            // A page and its code-behind are one.
            var text = string.Join('\n', users.SelectMany(user => Sources().Where(file => Stem(file.Path) == Stem(user.Path))).Select(file => file.Text).Distinct());
            var asked = Asked().Matches(text).SelectMany(AsksFor).ToHashSet();
            var quoted = Quoted().Matches(text).Select(match => match.Groups[1].Value).ToHashSet();
            faults.AddRange(asked.Distinct().Where(key => !known.Contains(key)).Select(key => $"{name} lacks {key}"));
            faults.AddRange(known.Where(key => !quoted.Contains(key) && !asked.Contains(key) && !IsComputed(name, key)).Select(key => $"nothing asks {name} for {key}"));
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    // Words of a freshness are asked for by its name.
    private static bool IsComputed(string name, string key) => name == "StateText" && key is "Fresh" or "Late" or "Stale" or "Never";

    private static IEnumerable<string> AsksFor(Match ask) => ask.Groups["counted"].Success ? [ask.Groups["name"].Value, ask.Groups["name"].Value + "One"] : [ask.Groups["name"].Value];

    private static IEnumerable<(string Path, string Text)> Sources() => Directory.EnumerateFiles(Root, "*.*", SearchOption.AllDirectories)
        .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
        .Select(file => (file, File.ReadAllText(file)));

    private static string Stem(string path) => path.Replace(".razor.cs", "", StringComparison.Ordinal).Replace(".razor", "", StringComparison.Ordinal);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Portal.sln"))) return Path.Combine(folder.FullName, "Portal.Web");
        throw new InvalidOperationException("No Portal.sln above the tests.");
    }

    [GeneratedRegex(@"^@code \{.*?^\}", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^@(page|attribute|inject|inherits|implements|layout|typeparam|using)\b.*$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"@\*.*?\*@|<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<=[\w""/]>)(?<text>[^<>]+)(?=</?\w)")]
    private static partial Regex Between();

    [GeneratedRegex(@"@\((?>[^()]|\((?<depth>)|\)(?<-depth>))*(?(depth)(?!))\)|@[\w.]+(\[[^\]]*\]|\((?>[^()]|\((?<deep>)|\)(?<-deep>))*(?(deep)(?!))\))*")]
    private static partial Regex Expression();

    [GeneratedRegex(@"\bk(W|Wh|VA|var)\b|&\w+;")]
    private static partial Regex Unit();

    [GeneratedRegex(@"\p{L}{2,}")]
    private static partial Regex Word();

    [GeneratedRegex(@"^(@?(if|else|foreach|for|switch|case|default|break|var)\b|\}|\{)|=>|;\s*$")]
    private static partial Regex Statement();

    [GeneratedRegex("""\b(title|aria-label|placeholder|alt|Label|Title|Help|Caption|Note|FailedTitle|CompareLabel)="[^"@]*\p{L}{2,}[^"@]*"(?!@)""")]
    private static partial Regex Attribute();

    [GeneratedRegex("""\b[Tt]ext(\[|(?<counted>\.Count\())"(?<name>[^"]+)"[\],]""")]
    private static partial Regex Asked();

    [GeneratedRegex("\"([A-Z][A-Za-z]+)\"")]
    private static partial Regex Quoted();
}
