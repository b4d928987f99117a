using MeterSimulator.Portal;

namespace MeterSimulator.Tests;

public sealed class BackoffTests
{
    [Fact]
    public void Pauses_double_from_a_second_to_a_minute_and_stay_there()
    {
        for (var round = 0; round < 100; round++)
        {
            var backoff = new Backoff();
            foreach (var most in (int[])[1, 2, 4, 8, 16, 32, 60, 60, 60]) Assert.InRange(backoff.Next().TotalSeconds, most / 2.0, most);
        }
    }

    [Fact]
    public void Two_modules_do_not_come_back_in_step()
    {
        var pauses = Enumerable.Range(0, 50).Select(_ => new Backoff().Next()).ToList();
        Assert.True(pauses.Distinct().Count() > 40);
    }
}
