using Portal.AppHost.Local;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Tests.Processes;

public sealed class LogFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_log_never_takes_more_than_two_files_of_its_size()
    {
        using (var log = new LogFile(Path.Combine(_folder, "api.log"), maxBytes: 1000))
            for (var number = 0; number < 500; number++) log.Write($"line {number}");

        Assert.Equal(["api.1.log", "api.log"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(_folder), file => Assert.InRange(new FileInfo(file).Length, 0, 1020));
        Assert.EndsWith("line 499\n", string.Concat(Directory.GetFiles(_folder).Order().Select(File.ReadAllText)));
    }

    [Fact]
    public void A_log_goes_on_where_the_last_run_ended()
    {
        var path = Path.Combine(_folder, "api.log");
        using (var log = new LogFile(path)) log.Write("before");
        using (var log = new LogFile(path)) log.Write("after");

        Assert.Equal(["before", "after"], File.ReadAllLines(path));
    }

    [Theory]
    [InlineData("Unhandled exception. System.InvalidOperationException: no such setting", "System.InvalidOperationException: no such setting",
        "{\"@t\":\"…\",\"@m\":\"slow\",\"@l\":\"Warning\"}", "Unhandled exception. System.InvalidOperationException: no such setting", "   at Program.Main()")]
    [InlineData("the last complaint", "Not ready: schema", "{\"@m\":\"Not ready: database\",\"@l\":\"Warning\"}", "{\"@m\":\"Not ready: schema\",\"@l\":\"Warning\"}", "{\"@m\":\"Still trying\"}")]
    [InlineData("plain output", "cannot open shared object file", "cannot open shared object file")]
    [InlineData("nothing wrong", null, "{\"@m\":\"Ready\"}")]
    public void The_reason_why_a_service_is_not_ready_is_read_from_its_last_lines(string because, string? reason, params string[] lines)
    {
        Assert.True(reason == LogReading.Reason(lines), because);
    }
}
