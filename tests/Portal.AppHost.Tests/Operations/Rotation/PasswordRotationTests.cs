using Npgsql;
using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Rotation;
using Portal.Testing;

namespace Portal.AppHost.Tests.Operations.Rotation;

/// <summary>Changing passwords with a real server, and a Docker that starts things anew or fails to.</summary>
public sealed class PasswordRotationTests : IDisposable
{
    private static readonly Consent Yes = new() { Given = "yes" };

    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [PostgresFact]
    public async Task The_owner_gets_a_new_password_and_what_reads_it_is_started_anew()
    {
        using var docker = (await RoleAsync()).WithCompose();
        var old = docker.Stack.Variables["POSTGRES_PASSWORD"]!;

        Assert.Equal(0, await RotateAsync(docker, (rotation, pending) => rotation.Database(pending)));

        var now = docker.Stack.Variables["POSTGRES_PASSWORD"]!;
        Assert.NotEqual(old, now);
        Assert.Equal((false, true), (await LetsInAsync(docker, old), await LetsInAsync(docker, now)));
        Assert.Equal(["up --detach --no-deps portal ingest backup"], docker.Composed);
        Assert.False(File.Exists(Path.Combine(docker.Folder, ".rotation")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(docker.Folder, ".env")));
        Assert.All([.. docker.Tools.Calls, _output.ToString()], text =>
        {
            Assert.DoesNotContain(now, text, StringComparison.Ordinal);
            Assert.DoesNotContain(old, text, StringComparison.Ordinal);
        });
    }

    [PostgresFact]
    public async Task Services_that_do_not_start_with_the_new_password_get_the_old_one_back()
    {
        using var docker = await RoleAsync();
        var tried = docker.Tools.Note("tried");
        docker.Tools.Script("docker", "compose up *", $"[ -e '{tried}' ] && exit 0; touch '{tried}'; echo 'no space left on device' >&2; exit 1");
        var old = docker.Stack.Variables["POSTGRES_PASSWORD"]!;

        Assert.Equal(1, await RotateAsync(docker, (rotation, pending) => rotation.Database(pending)));

        Assert.Equal(old, docker.Stack.Variables["POSTGRES_PASSWORD"]);
        Assert.True(await LetsInAsync(docker, old));
        Assert.Contains("no space left on device", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Unchanged: The old password is in force.", _output.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(docker.Folder, ".rotation")));
    }

    [PostgresFact]
    public async Task A_server_that_refuses_leaves_everything_as_it_was_and_nothing_is_started_anew()
    {
        using var docker = await RoleAsync();
        await docker.Scripted.ExecuteAsync($"ALTER ROLE {Role(docker)} NOLOGIN");
        var before = await File.ReadAllTextAsync(Path.Combine(docker.Folder, ".env"));

        Assert.Equal(1, await RotateAsync(docker, (rotation, pending) => rotation.Database(pending)));

        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(docker.Folder, ".env")));
        Assert.Empty(docker.Composed);
        Assert.Contains("is not permitted to log in", _output.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(docker.Folder, ".rotation")));
    }

    [PostgresFact]
    public async Task A_rotation_that_broke_off_goes_on_with_the_same_new_password()
    {
        using var docker = (await RoleAsync()).WithCompose();
        var begun = PendingRotation.Take(docker.Stack, "POSTGRES_PASSWORD", null);
        await begun.KeepAsync(CancellationToken.None);
        // It got as far as the server.
        await docker.Scripted.ExecuteAsync($"ALTER ROLE {Role(docker)} PASSWORD '{begun.New}'");
        Assert.Contains("is not finished", Assert.Throws<UsageException>(() => PendingRotation.Take(docker.Stack, "GRAFANA_ADMIN_PASSWORD", null)).Message, StringComparison.Ordinal);

        Assert.Equal(0, await RotateAsync(docker, (rotation, pending) => rotation.Database(pending)));

        Assert.Equal(begun.New, docker.Stack.Variables["POSTGRES_PASSWORD"]);
        Assert.True(await LetsInAsync(docker, begun.New));
    }

    [PostgresFact]
    public async Task Grafanas_administrator_gets_the_new_password_by_standard_input_and_nothing_is_started_anew()
    {
        using var docker = await RoleAsync();
        using var tools = new FakeTools();
        tools.WithDocker().Script("docker", "exec --interactive abc0001_grafana grafana cli *", $"cat >{tools.Note("seen")}; exit 0");
        var host = await StackHost.FindAsync(docker.Stack, tools.Box, TimeProvider.System, CancellationToken.None);
        var pending = PendingRotation.Take(docker.Stack, "GRAFANA_ADMIN_PASSWORD", "of-my-own-choice-1234");

        Assert.Equal(0, await new PasswordRotation(docker.Stack, host).GrafanaAdmin(pending).RunAsync(Yes, _output, CancellationToken.None));

        Assert.Equal("of-my-own-choice-1234\n", File.ReadAllText(tools.Note("seen")));
        Assert.Equal("of-my-own-choice-1234", docker.Stack.Variables["GRAFANA_ADMIN_PASSWORD"]);
        Assert.Equal("docker exec --interactive abc0001_grafana grafana cli --homepath /usr/share/grafana admin reset-admin-password --password-from-stdin ", tools.Calls[^1]);
    }

    [PostgresFact]
    public async Task A_role_that_does_not_take_grafanas_new_password_gets_the_old_one_back()
    {
        // Its owner, which would give the role the password, is not started by this Docker.
        using var docker = (await RoleAsync()).WithCompose();
        var old = docker.Stack.Variables["Grafana__DatabasePassword"];

        Assert.Equal(1, await RotateAsync(docker, (rotation, pending) => rotation.Reader(pending), "Grafana__DatabasePassword"));

        Assert.Equal(old, docker.Stack.Variables["Grafana__DatabasePassword"]);
        Assert.Equal(
            ["up --detach --no-deps portal", "up --detach --no-deps grafana", "up --detach --no-deps portal", "up --detach --no-deps grafana"], docker.Composed);
        Assert.Contains("does not take the new password", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("ends-with-a-line-1234\n")]
    [InlineData("with$dollar$in$it1234")]
    [InlineData("with'quote'in'it'1234")]
    [InlineData(null)]
    public void A_secret_that_a_shell_or_compose_would_read_as_another_is_refused(string? given) =>
        Assert.Contains("16 to 128 characters", Assert.Throws<UsageException>(() => PendingRotation.Checked(given)).Message, StringComparison.Ordinal);

    private async Task<int> RotateAsync(ScriptedDocker docker, Func<PasswordRotation, PendingRotation, Plan> plan, string variable = "POSTGRES_PASSWORD") =>
        await plan(new(docker.Stack, await docker.HostAsync()), PendingRotation.Take(docker.Stack, variable, null)).RunAsync(Yes, _output, CancellationToken.None);

    // The test server's own role is everybody's: the stack has one of its own, with the password of its .env.
    private static Task<ScriptedDocker> RoleAsync() => ScriptedDocker.StartAsync(async docker =>
    {
        await docker.Scripted.ExecuteAsync($"CREATE ROLE {Role(docker)} LOGIN SUPERUSER PASSWORD '{docker.Stack.Variables["POSTGRES_PASSWORD"]}'");
        return Role(docker);
    });

    private static string Role(ScriptedDocker docker) => $"owner_of_{new NpgsqlConnectionStringBuilder(docker.Scripted.Database).Database}";

    private static async Task<bool> LetsInAsync(ScriptedDocker docker, string password)
    {
        var database = new NpgsqlConnectionStringBuilder(docker.Scripted.Database) { Username = Role(docker), Password = password, Pooling = false };
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        try
        {
            await using var connection = await source.OpenConnectionAsync();
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            return false;
        }
    }
}
