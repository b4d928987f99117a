using Portal.AppHost.Operations;

namespace Portal.AppHost.Tests.Operations;

/// <summary>What a person sees before, while and after a command acts.</summary>
public sealed class PlanTests : IDisposable
{
    private static readonly Consent Yes = new() { Given = "yes" };

    private readonly StringWriter _output = new();
    private readonly List<string> _done = [];

    public void Dispose() => _output.Dispose();

    [Fact]
    public async Task The_plan_is_shown_with_numbers_before_anything_acts()
    {
        var plan = Three();
        plan.Remark("It takes a minute.");

        Assert.Equal(0, await plan.RunAsync(Yes, _output, CancellationToken.None));

        Assert.Equal(
            """
            Move ABC0001:
              It takes a minute.
              1. Stop it
                 stop
              2. Carry it
                 carry
              3. Start it
                 start
            1. Stop it: done
            2. Carry it: done. It was heavy.
            3. Start it: done

            """, _output.ToString());
        Assert.Equal(["stop", "carry", "start"], _done);
    }

    [Fact]
    public async Task A_dry_run_shows_the_plan_and_nothing_else()
    {
        Assert.Equal(0, await Three().RunAsync(new() { DryRun = true, Given = "yes" }, _output, CancellationToken.None));

        Assert.Empty(_done);
        Assert.EndsWith("  3. Start it\n     start\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_it_is_an_error_that_changed_nothing()
    {
        var refused = await Assert.ThrowsAsync<UsageException>(() => Three().RunAsync(new(), _output, CancellationToken.None));

        Assert.Contains("Nothing was changed. Say --yes", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_done);
    }

    [Theory]
    [InlineData("yes\n", 0)]
    [InlineData("y\n", 1)]
    [InlineData("", 1)]
    public async Task A_person_types_yes_or_nothing_happens(string typed, int exitCode)
    {
        Assert.Equal(exitCode, await Three().RunAsync(new() { Person = new StringReader(typed) }, _output, CancellationToken.None));

        Assert.Equal(exitCode == 0 ? 3 : 0, _done.Count);
        Assert.Contains("Type yes to go on: ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_stacks_code_is_an_error_that_changed_nothing()
    {
        var wrong = new Consent { Word = "ABC0001", Given = "XYZ0002", Option = "--confirm" };

        var refused = await Assert.ThrowsAsync<UsageException>(() => Three().RunAsync(wrong, _output, CancellationToken.None));

        Assert.StartsWith("--confirm says 'XYZ0002', and this is 'ABC0001'. Nothing was changed", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_done);
    }

    [Fact]
    public async Task A_step_that_fails_says_what_is_done_what_is_unchanged_and_what_to_do()
    {
        var plan = new Plan("Move ABC0001:");
        plan.Add("Stop it", "stop", "it runs.", _ => Task.CompletedTask);
        plan.Add("Carry it", "carry", "it is where it was.", Task (_) => throw new StepFailedException("exit code 3.\ntoo heavy", "Get help."));
        plan.Add("Start it", "start", "it is stopped.", _ => Done("start"));

        Assert.Equal(1, await plan.RunAsync(Yes, _output, CancellationToken.None));

        Assert.EndsWith(
            """
            1. Stop it: done
            2. Carry it: failed
               exit code 3.
               too heavy
            Done: step 1.
            Unchanged: it is where it was. Not begun: step 3.
            Next: Get help. Then run the same command again: each step may be done twice.

            """, _output.ToString(), StringComparison.Ordinal);
        Assert.Empty(_done);
    }

    [Fact]
    public async Task An_interruption_ends_it_between_two_steps_and_says_where()
    {
        using var stop = new CancellationTokenSource();
        var plan = new Plan("Move ABC0001:");
        plan.Add("Stop it", "stop", "it runs.", _ => stop.CancelAsync());
        plan.Add("Carry it", "carry", "it is where it was.", _ => Done("carry"));

        Assert.Equal(1, await plan.RunAsync(Yes, _output, stop.Token));

        Assert.Contains("2. Carry it: interrupted\nDone: step 1.\nUnchanged: it is where it was.\n", _output.ToString(), StringComparison.Ordinal);
        Assert.Empty(_done);
    }

    [Fact]
    public async Task What_a_step_that_is_interrupted_before_it_begins_would_leave_behind_is_put_right()
    {
        using var stop = new CancellationTokenSource();
        var plan = new Plan("Move ABC0001:");
        plan.Add("Stop it", "stop", "it runs.", _ => stop.CancelAsync());
        plan.Add("Carry it", "carry", "it is where it was.", _ => Task.FromResult<string?>("carried"), () => Task.FromResult("It runs again."));

        Assert.Equal(1, await plan.RunAsync(Yes, _output, stop.Token));

        Assert.Contains("2. Carry it: interrupted\n   It runs again.\n", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("carried", _output.ToString(), StringComparison.Ordinal);
    }

    private Plan Three()
    {
        var plan = new Plan("Move ABC0001:");
        plan.Add("Stop it", "stop", "it runs.", _ => Done("stop"));
        plan.Add("Carry it", "carry", "it is where it was.", async Task<string?> (_) =>
        {
            await Done("carry");
            return "It was heavy.";
        });
        plan.Add("Start it", "start", "it is stopped.", _ => Done("start"));
        return plan;
    }

    private Task Done(string what)
    {
        _done.Add(what);
        return Task.CompletedTask;
    }
}
