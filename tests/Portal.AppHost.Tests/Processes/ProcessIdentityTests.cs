using Portal.AppHost.Processes;

namespace Portal.AppHost.Tests.Processes;

public sealed class ProcessIdentityTests
{
    [Fact]
    public async Task A_process_is_known_while_it_runs_and_not_afterwards()
    {
        using var child = Shell.Start("exec sleep 600");
        var identity = child.Identity;
        Assert.True(identity.IsAlive);
        Assert.Equal(identity, ProcessIdentity.Of(identity.Pid));

        child.Kill();
        await child.Exited.WaitAsync(Shell.Deadline);

        Assert.False(identity.IsAlive);
    }

    [Fact]
    public void A_number_that_was_given_to_another_process_is_not_taken_for_the_first()
    {
        var earlier = ProcessIdentity.Own with { Started = "earlier" };

        Assert.False(earlier.IsAlive);
        Assert.True(ProcessIdentity.Own.IsAlive);
    }

    [Fact]
    public async Task A_process_that_ended_and_was_not_reaped_yet_is_not_alive()
    {
        // The shell starts a child that ends at once, and never asks how.
        var said = new TaskCompletionSource<int>();
        using var parent = Shell.Start("sh -c 'exit 0' & echo $!; exec sleep 600", line => said.TrySetResult(int.Parse(line)));
        var pid = await said.Task.WaitAsync(Shell.Deadline);

        await Shell.EventuallyAsync(() => ProcessIdentity.Of(pid) is null, $"process {pid} still counts as alive");

        parent.Kill();
        await parent.Exited;
    }
}
