using System.Xml.Linq;

namespace Portal.AppHost.TestRuns;

/// <summary>A test that did not hold.</summary>
internal sealed record FailedTest(string Project, string Name, string Message, string Stack);

/// <summary>What one project's tests came to.</summary>
internal sealed record ProjectResults(string Project, int Passed, int Skipped, IReadOnlyList<FailedTest> Failed);

/// <summary>Reads the result files (TRX) that the test runner writes, one per project.</summary>
internal static class TestResults
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>The results in a folder, by project.</summary>
    public static IReadOnlyList<ProjectResults> Read(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.trx").Select(file => Read(XDocument.Load(file))).OfType<ProjectResults>().OrderBy(results => results.Project, StringComparer.Ordinal)];

    private static ProjectResults? Read(XDocument file)
    {
        // The dll that the tests come from is named by each test: <UnitTest storage="…/portal.data.tests.dll">, in lower case on some systems.
        var storage = file.Descendants(Trx + "TestMethod").Attributes("codeBase").FirstOrDefault()?.Value;
        if (storage is null) return null;
        var project = Path.GetFileNameWithoutExtension(storage);
        var results = file.Descendants(Trx + "UnitTestResult").ToArray();
        var failed = results.Where(result => Outcome(result) is not ("Passed" or "NotExecuted")).Select(result => new FailedTest(
            project,
            result.Attribute("testName")?.Value ?? "",
            result.Descendants(Trx + "Message").FirstOrDefault()?.Value.Trim() ?? Outcome(result),
            result.Descendants(Trx + "StackTrace").FirstOrDefault()?.Value.TrimEnd() ?? ""));
        // A crashed or timed-out run has errors that belong to no test.
        var run = file.Descendants(Trx + "RunInfo").Where(info => info.Attribute("outcome")?.Value == "Error")
            .Select(info => new FailedTest(project, "the run itself", info.Element(Trx + "Text")?.Value.Trim() ?? "ended early", ""))
            .Where(error => !error.Message.StartsWith('[') || !results.Any(result => Outcome(result) == "Failed"));
        return new(project, results.Count(result => Outcome(result) == "Passed"), results.Count(result => Outcome(result) == "NotExecuted"), [.. failed, .. run]);
    }

    private static string Outcome(XElement result) => result.Attribute("outcome")?.Value ?? "Failed";
}
