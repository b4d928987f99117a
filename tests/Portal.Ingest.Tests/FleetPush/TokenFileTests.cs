using Portal.Domain.Keys;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;

namespace Portal.Ingest.Tests.FleetPush;

/// <summary>A token that comes in a file, and changes there.</summary>
public sealed class TokenFileTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 6, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("tau-token-").FullName;

    private string File => Path.Combine(folder, "fleet-token");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [PostgresFact]
    public async Task A_token_file_is_waited_for_and_read_again_when_it_changes()
    {
        await using var stack = await PushStack.StartAsync(new() { ["FleetIngest:Token"] = "", ["FleetIngest:TokenFile"] = File });
        await stack.DeviceAsync(await stack.SiteAsync(), "A");
        await stack.PostAsync("A", Start, 10);
        await ErrorAsync(stack, $"Paused, waiting for {File} (FleetIngest__TokenFile)");
        Assert.Empty(stack.Fleet.Batches);

        // Half of it, as somebody may see it who looks while it is written.
        await System.IO.File.WriteAllTextAsync(File, stack.Fleet.Token.Reveal()[..30]);
        await ErrorAsync(stack, $"Paused: {File} (FleetIngest__TokenFile) holds no fleet token");
        await System.IO.File.WriteAllTextAsync(File, stack.Fleet.Token.Reveal() + "\n");
        await stack.AssertSameAsync();

        // Rotated at the fleet: refused, until the file has the new one.
        stack.Fleet.Token = FleetToken.Generate();
        await stack.PostAsync("A", Start.AddDays(1), 10);
        await ErrorAsync(stack, "refuses this stack (401");
        await System.IO.File.WriteAllTextAsync(File, stack.Fleet.Token.Reveal());
        await stack.AssertSameAsync();
        var state = await stack.StateAsync();
        Assert.Equal((false, null), (state!.Paused, state.LastError));
    }

    [PostgresFact]
    public async Task A_token_pasted_into_the_settings_of_a_published_stack_which_names_a_file_too_is_the_one_that_counts()
    {
        await System.IO.File.WriteAllTextAsync(File, FleetToken.Generate().Reveal());
        await using var stack = await PushStack.StartAsync(new() { ["FleetIngest:TokenFile"] = File });
        await stack.DeviceAsync(await stack.SiteAsync(), "A");

        await stack.PostAsync("A", Start, 10);

        await stack.AssertSameAsync();
    }

    private static Task ErrorAsync(PushStack stack, string text) =>
        Eventually.TrueAsync(
            async () => await stack.StateAsync() is { Paused: true, LastError: { } error } && error.Contains(text, StringComparison.Ordinal),
            $"the status says: {text}"
        );
}
