using System.Xml.Linq;

namespace Architecture.Tests;

/// <summary>One project file, as far as the rules look at it.</summary>
internal sealed class Project
{
    private readonly XDocument xml;

    private Project(string file)
    {
        File = file;
        xml = XDocument.Load(Path.Combine(Repository.Root, file));
    }

    public static IReadOnlyList<Project> All { get; } =
        [.. Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)).Select(file => new Project(file))];

    public string File { get; }

    public string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>A room of the product, as against a test, a benchmark or a tool.</summary>
    public bool IsRoom => File.Split('/').Length == 2;

    /// <summary>Projects whose code this one compiles against. What is only built along (to be started as a process) is none.</summary>
    public IReadOnlyList<string> References => [.. Items("ProjectReference")
        .Where(item => (string?)item.Attribute("ReferenceOutputAssembly") != "false" && !IsAspireOnly(item))
        .Select(item => Path.GetFileNameWithoutExtension(((string)item.Attribute("Include")!).Replace('\\', '/')))
        .Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> Packages => [.. Items("PackageReference").Select(item => (string)item.Attribute("Include")!)];

    public IEnumerable<XElement> Items(string name) => xml.Descendants().Where(element => element.Name.LocalName == name);

    // Aspire makes resources of these references; no code is linked.
    private static bool IsAspireOnly(XElement item) => item.AncestorsAndSelf()
        .Any(element => ((string?)element.Attribute("Condition"))?.Replace(" ", "", StringComparison.Ordinal) == "'$(UseAspire)'=='true'");
}
