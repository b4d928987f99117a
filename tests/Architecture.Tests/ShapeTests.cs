namespace Architecture.Tests;

/// <summary>The shape that keeps the house readable.</summary>
public sealed class ShapeTests
{
    private static readonly string[] NamesThatSayNothing =
        ["Common", "Shared", "Util", "Utils", "Utilities", "Helper", "Helpers", "Core", "Services", "Managers", "Extensions", "Misc"];

    [Fact]
    public void A_program_reads_as_a_table_of_contents()
    {
        var programs = Repository.Files.Where(file => Path.GetFileName(file) == "Program.cs").ToList();
        Assert.NotEmpty(programs);
        AssertNone(programs.Where(file => Repository.Lines(file).Length > 60), "is longer than 60 lines");
    }

    [Fact]
    public void No_file_has_grown_beyond_reading()
    {
        AssertNone(Code(".cs").Where(file => Repository.Lines(file).Length > 400), "is longer than 400 lines");
        AssertNone(Code(".razor").Where(file => Repository.Lines(file).Length > 200), "is longer than 200 lines");
    }

    [Fact]
    public void No_folder_or_file_has_a_name_that_says_nothing()
    {
        // What a vendored library calls its folders is its own business.
        var ours = Repository.Files.Where(file => !file.Contains("/wwwroot/", StringComparison.Ordinal));
        AssertNone(
            ours.Where(file => Path.ChangeExtension(file, null).Split('/').Intersect(NamesThatSayNothing, StringComparer.OrdinalIgnoreCase).Any()),
            "lies in, or is, something named after nothing");
    }

    [Fact]
    public void Nothing_pretends_to_be_finished()
    {
        string[] promises = ["TO" + "DO", "FIX" + "ME", "HA" + "CK:", "NotImplemented" + "Exception"];
        AssertNone(
            Repository.TextFiles.Where(file => promises.Any(promise => Repository.Text(file).Contains(promise, StringComparison.Ordinal))),
            "holds a promise instead of code");
    }

    [Fact]
    public void Components_get_their_data_from_typed_clients()
    {
        AssertNone(
            Repository.Files.Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".razor.cs", StringComparison.Ordinal))
                .Where(file => Repository.Text(file).Contains("HttpClient", StringComparison.Ordinal)),
            "uses a raw HttpClient");
    }

    private static IEnumerable<string> Code(string ending) => Repository.Files.Where(file =>
        file.EndsWith(ending, StringComparison.Ordinal) && !file.Contains("/Migrations/", StringComparison.Ordinal));

    private static void AssertNone(IEnumerable<string> files, string fault)
    {
        var found = files.ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found.Select(file => $"{file} {fault}")));
    }
}
