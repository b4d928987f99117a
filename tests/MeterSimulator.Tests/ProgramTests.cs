using System.Diagnostics;
using System.Text;

namespace MeterSimulator.Tests;

/// <summary>The program as a process, with its words and signals.</summary>
public sealed class ProgramTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("meter-simulator-").FullName;

    [Fact]
    public async Task It_posts_until_it_is_told_to_stop_and_then_ends_promptly_with_success()
    {
        if (OperatingSystem.IsWindows()) return; // no SIGTERM there
        await using var portal = await VirtualPortal.StartAsync();
        using var program = Start(
            "run", "--portal", portal.Url.ToString(), "--host", VirtualPortal.Host, "--admin-email", VirtualPortal.Email,
            "--key-file", Path.Combine(_folder, "key"), "--history", "30d", "--unknown-device", "--nan", "2%", "--duplicate", "5%");
        var output = program.StandardOutput.ReadToEndAsync();
        await EventuallyAsync(() => portal.Posts.Count >= 5, program);

        var asked = Stopwatch.GetTimestamp();
        using (var kill = Process.Start("kill", ["-TERM", $"{program.Id}"])) await kill.WaitForExitAsync();
        await program.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal(0, program.ExitCode);
        Assert.True(Stopwatch.GetElapsedTime(asked) < TimeSpan.FromSeconds(10), "it took longer to end than ./portal down may");
        var said = await output;
        Assert.Contains("Simulates 9 meters on 5 sites (seed 1) for abc0001.localhost", said, StringComparison.Ordinal);
        Assert.Contains("Ended: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain(portal.Keys[0], said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_ends_by_itself_when_all_is_delivered()
    {
        await using var portal = await VirtualPortal.StartAsync();
        using var program = Start(
            "run", "--portal", portal.Url.ToString(), "--host", VirtualPortal.Host, "--admin-email", VirtualPortal.Email,
            "--key-file", Path.Combine(_folder, "key"), "--seed", "2", "--once", "--history", "1h", "--outage", "20m", "--replay", "oldest-first");
        await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(0, program.ExitCode);
        Assert.Equal(60, portal.Rows.Where(row => row.Values.Count > 4).Select(row => row.Time).Distinct().Count());
    }

    [Theory]
    [InlineData("--interval", "1500ms", "--interval")]
    [InlineData("--history", "9000d", "--history")]
    [InlineData("--devices", "0", "--devices")]
    [InlineData("--speed", "10", "--speed")]
    [InlineData("--nan", "120%", "--nan")]
    [InlineData("--register-reset", "yesterday", "--register-reset")]
    [InlineData("--ct-change", "AN1@2d", "--ct-change")]
    [InlineData("--portal", "ftp://example", "--portal")]
    public async Task A_wrong_option_is_named_and_nothing_begins(string option, string value, string named)
    {
        using var program = Start("run", option, value);
        var said = await program.StandardOutput.ReadToEndAsync() + await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync().WaitAsync(Patience);
        Assert.NotEqual(0, program.ExitCode);
        Assert.Contains($"{named}: ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_prints_a_post_of_each_form_for_curl_and_one_forms_body_alone()
    {
        using var all = Start("show");
        var lines = await all.StandardOutput.ReadToEndAsync();
        foreach (var form in (string[])["A", "B", "C", "D", "csv"]) Assert.Contains($"# Form {form}, ", lines, StringComparison.Ordinal);
        Assert.Equal(5, lines.Split("curl -sS http://127.0.0.1:8080/api/ingest/acuvim").Length - 1);

        using var one = Start("show", "--form", "D");
        var rows = PostReader.Read(await one.StandardOutput.ReadToEndAsync(), null, TimeZoneInfo.Utc);
        Assert.Equal(["AN21010080", "AN21010117"], rows.Select(row => row.Serial));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MeterSimulator.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["SIMULATOR_ADMIN_PASSWORD"] = VirtualPortal.Password;
        return Process.Start(start)!;
    }

    private static async Task EventuallyAsync(Func<bool> condition, Process program)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.False(program.HasExited, "it ended before it was told to");
            Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, "it never posted");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
