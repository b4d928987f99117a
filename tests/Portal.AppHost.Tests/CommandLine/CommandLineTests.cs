using Portal.AppHost.Local;

namespace Portal.AppHost.Tests.CommandLine;

/// <summary>The program as it is started by <c>./portal</c>, with a state folder of its own.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("tau-test-state-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Theory]
    [InlineData("--customers must be a whole number from 1 to 50, and was 'many'.", "up", "--customers", "many")]
    [InlineData("--customers must be a whole number from 1 to 50, and was '0'.", "up", "--customers", "0")]
    [InlineData("--port must be a whole number from 1 to 65535, and was '99999'.", "up", "--port", "99999")]
    [InlineData("--engine must be one of auto, aspire, local, and was 'docker'.", "up", "--engine", "docker")]
    [InlineData("--admin-password is empty; give a password, or leave it out.", "up", "--admin-password", "")]
    [InlineData("--detatch", "up", "--detatch")]
    [InlineData("--containers and --soak are two runs; say one of them.", "test", "--containers", "--soak")]
    [InlineData("frobnicate", "frobnicate")]
    public async Task A_wrong_word_is_named_with_what_is_possible(string said, params string[] line)
    {
        var (exitCode, output) = await PortalProgram.RunAsync(_state, line);

        Assert.Equal(2, exitCode);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.Contains("--help", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--database is no connection string", "nonsense")]
    [InlineData("--database: no connection to 127.0.0.1:1", "Host=127.0.0.1;Port=1;Username=me;Password=secret-word")]
    public async Task A_server_that_cannot_be_used_is_said_so_without_its_password(string said, string connectionString)
    {
        var (exitCode, output) = await PortalProgram.RunAsync(_state, "up", "--engine", "local", "--port", $"{FreePort.Next()}", "--database", connectionString);

        Assert.Equal(2, exitCode);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("aaaaaaaa")]
    public async Task A_password_that_no_stack_would_take_starts_nothing_and_is_not_remembered(string password)
    {
        var (exitCode, output) = await PortalProgram.RunAsync(_state, "up", "--engine", "local", "--port", $"{FreePort.Next()}", "--admin-password", password);

        Assert.Equal(2, exitCode);
        Assert.Contains("--admin-password must have 8 to 128 characters, at least 4 of them different.", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(_state, "*", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains(password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_nothing_runs_status_and_down_say_so()
    {
        Assert.Equal((1, "Nothing runs. ./portal up starts it."), await PortalProgram.RunAsync(_state, "status"));
        Assert.Equal((0, "Nothing was running."), await PortalProgram.RunAsync(_state, "down"));

        var (exitCode, json) = await PortalProgram.RunAsync(_state, "status", "--json");
        Assert.Equal(1, exitCode);
        Assert.Contains("\"stacks\": []", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_deletes_nothing_without_being_told_to()
    {
        await File.WriteAllTextAsync(Path.Combine(_state, "state.json"), "kept");

        var (exitCode, output) = await PortalProgram.RunAsync(_state, "reset");

        Assert.Equal(2, exitCode);
        Assert.Contains("--yes", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_state, "state.json")));

        Assert.Equal(0, (await PortalProgram.RunAsync(_state, "reset", "--yes")).ExitCode);
        Assert.False(File.Exists(Path.Combine(_state, "state.json")));
    }

    [Fact]
    public async Task Another_password_than_the_first_is_refused_instead_of_shown_and_not_working()
    {
        await File.WriteAllTextAsync(Path.Combine(_state, "admin-password"), "The-first-1");

        var (exitCode, output) = await PortalProgram.RunAsync(_state, "up", "--engine", "local", "--port", $"{FreePort.Next()}", "--admin-password", "The-second-2");

        Assert.Equal(2, exitCode);
        Assert.Contains("./portal reset", output, StringComparison.Ordinal);
        Assert.DoesNotContain("The-first-1", output, StringComparison.Ordinal);
    }
}
