using Portal.Data.Counts;

namespace Portal.Data.Tests.Counts;

public sealed class PendingCountsTests
{
    private readonly PendingCounts<string> pending = new(2);

    private Dictionary<string, long> Written { get; } = [];

    [Fact]
    public async Task What_was_written_is_not_written_again()
    {
        pending.Add(["a", "b", "a"]);

        await pending.WriteAsync(Keep);
        await pending.WriteAsync(_ => throw new InvalidOperationException("Nothing was counted."));

        Assert.Equal(new() { ["a"] = 2, ["b"] = 1 }, Written);
    }

    [Fact]
    public async Task What_could_not_be_written_or_was_cancelled_is_written_with_what_came_meanwhile()
    {
        pending.Add(["a"]);
        await Assert.ThrowsAsync<IOException>(() => pending.WriteAsync(_ =>
        {
            pending.Add(["a", "b"]);
            throw new IOException("away");
        }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.WriteAsync(_ => Task.FromCanceled(new(canceled: true))));

        await pending.WriteAsync(Keep);

        Assert.Equal(new() { ["a"] = 2, ["b"] = 1 }, Written);
    }

    [Fact]
    public async Task Keys_beyond_the_limit_are_not_counted_and_known_ones_are()
    {
        pending.Add(["a", "b", "c", "b"]);

        await pending.WriteAsync(Keep);

        Assert.Equal(new() { ["a"] = 1, ["b"] = 2 }, Written);
    }

    private Task Keep(IReadOnlyDictionary<string, long> due)
    {
        foreach (var (key, count) in due)
        {
            Written[key] = Written.GetValueOrDefault(key) + count;
        }

        return Task.CompletedTask;
    }
}
