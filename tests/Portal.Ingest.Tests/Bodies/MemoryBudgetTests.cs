using Microsoft.AspNetCore.Http;
using Portal.ServiceDefaults.Bodies;

namespace Portal.Ingest.Tests.Bodies;

public sealed class MemoryBudgetTests
{
    private const long MiB = 1024 * 1024;
    private readonly MemoryBudget<Guid> budget = new(256 * MiB);

    [Fact]
    public void One_key_gets_half_and_leaves_the_other_half_to_others()
    {
        using var wave = budget.Open(Guid.NewGuid());
        Assert.Equal(MemoryGrant.Given, wave.Take(128 * MiB));
        Assert.Equal(MemoryGrant.KeyExhausted, wave.Take(1));

        using var other = budget.Open(Guid.NewGuid());
        Assert.Equal(MemoryGrant.Given, other.Take(128 * MiB));

        using var third = budget.Open(Guid.NewGuid());
        Assert.Equal(MemoryGrant.Exhausted, third.Take(1));
    }

    [Fact]
    public void Posts_of_one_key_share_its_half()
    {
        var key = Guid.NewGuid();
        using var first = budget.Open(key);
        using var second = budget.Open(key);
        Assert.Equal(MemoryGrant.Given, first.Take(100 * MiB));
        Assert.Equal(MemoryGrant.KeyExhausted, second.Take(29 * MiB));

        first.Return(50 * MiB);
        Assert.Equal(MemoryGrant.Given, second.Take(29 * MiB));
    }

    [Fact]
    public void What_a_post_held_comes_back_whole()
    {
        using (var lease = budget.Open(Guid.NewGuid()))
        {
            lease.Take(10);
            lease.Take(20);
            lease.Return(5);
            Assert.Equal(25, budget.Used);
        }

        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public async Task What_is_refused_is_not_allocated_first()
    {
        var key = Guid.NewGuid();
        using var wave = budget.Open(key);
        wave.Take(126 * MiB);
        using var body = new BufferedBody(budget.Open(key));
        var request = new DefaultHttpContext().Request;
        (request.Body, request.ContentLength) = (new MemoryStream(new byte[10 * MiB]), 10 * MiB);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(BodyFault.KeyExhausted, await new BodyReader(64 * MiB).ReadAsync(request, body, CancellationToken.None));

        // The first MiB was given, the four after it were not.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * MiB);
    }
}
