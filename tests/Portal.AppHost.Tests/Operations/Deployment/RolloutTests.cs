using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Deployment;
using Portal.AppHost.Tests.Manifests;

namespace Portal.AppHost.Tests.Operations.Deployment;

/// <summary>Many stacks, one after the other.</summary>
public sealed class RolloutTests : IAsyncLifetime, IDisposable
{
    private static readonly Consent Yes = new() { Given = "yes" };

    private readonly string _root = Directory.CreateTempSubdirectory("tau-test-rollout-").FullName;
    private readonly List<string> _updated = [];
    private readonly HashSet<string> _failing = [];
    private readonly StringWriter _output = new();

    private string State => Path.Combine(_root, "rollout.json");

    private Rollout Rollout => new(UpdateAsync, State, TimeProvider.System);

    public async Task InitializeAsync()
    {
        foreach (var name in (string[])["abc0001", "xyz0002", "dur0003"]) await Published.ToAsync(Of(name), Published.Customer with { Name = name });
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        _output.Dispose();
    }

    [Fact]
    public async Task The_canary_is_first_and_the_others_follow_in_their_order()
    {
        Assert.Equal(0, await RunAsync(Rollout.Begin([Of("abc0001"), $"{Of("xyz0002")}/", Of("dur0003")], Of("xyz0002"), "0.2.0", backup: true)));

        Assert.Equal(["xyz0002 0.2.0", "abc0001 0.2.0", "dur0003 0.2.0"], _updated);
        Assert.True(RolloutState.Read(State)!.IsDone);
    }

    [Fact]
    public async Task It_stops_at_one_that_fails_and_resume_goes_on_with_that_one()
    {
        _failing.Add("abc0001");
        Assert.Equal(1, await RunAsync(Rollout.Begin([Of("xyz0002"), Of("abc0001"), Of("dur0003")], null, "0.2.0", backup: true)));
        Assert.Equal(["xyz0002 0.2.0", "abc0001 0.2.0"], _updated);
        Assert.Contains("Say --resume", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal([RolloutPhase.Done, RolloutPhase.Failed, RolloutPhase.Waiting], RolloutState.Read(State)!.Stacks.Select(stack => stack.Phase));
        Assert.Contains("--resume", Assert.Throws<UsageException>(() => Rollout.Begin([Of("dur0003")], null, "0.3.0", backup: true)).Message, StringComparison.Ordinal);

        _failing.Clear();
        Assert.Equal(0, await RunAsync(Rollout.Resume()));

        Assert.Equal(["xyz0002 0.2.0", "abc0001 0.2.0", "abc0001 0.2.0", "dur0003 0.2.0"], _updated);
        Assert.Throws<UsageException>(Rollout.Resume);
    }

    [Fact]
    public async Task A_process_that_was_killed_leaves_a_state_that_goes_on()
    {
        var state = Rollout.Begin([Of("abc0001"), Of("dur0003")], null, null, backup: false);
        await state.With(Of("abc0001"), RolloutPhase.Updating, DateTimeOffset.UnixEpoch).WriteAsync(State);

        Assert.Equal(0, await RunAsync(Rollout.Resume()));

        Assert.Equal(["abc0001 ", "dur0003 "], _updated);
    }

    [Fact]
    public void A_directory_that_is_no_stack_begins_nothing()
    {
        Assert.Throws<UsageException>(() => Rollout.Begin([Of("abc0001"), Of("absent")], null, "0.2.0", backup: true));
        Assert.Throws<UsageException>(() => Rollout.Begin([], null, "0.2.0", backup: true));
        Assert.False(File.Exists(State));
    }

    [Fact]
    public void Two_commands_never_work_on_one_directory_at_once()
    {
        using (StackLock.Take(Of("abc0001")))
        {
            Assert.Contains("Another ./portal works on", Assert.Throws<UsageException>(() => StackLock.Take(Of("abc0001"))).Message, StringComparison.Ordinal);
            using var other = StackLock.Take(Of("xyz0002"));
        }

        using var again = StackLock.Take(Of("abc0001"));
    }

    private string Of(string name) => Path.Combine(_root, name);

    private Task<int> RunAsync(RolloutState state) => Rollout.PlanOf(state).RunAsync(Yes, _output, CancellationToken.None);

    private Task<int> UpdateAsync(string directory, string? version, bool backup, CancellationToken cancel)
    {
        var name = Path.GetFileName(directory);
        _updated.Add($"{name} {version}");
        return Task.FromResult(_failing.Contains(name) ? 1 : 0);
    }
}
