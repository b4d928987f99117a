using MeterSimulator.Posts;
using MeterSimulator.Running;

namespace MeterSimulator.Tests;

public sealed class ModuleCacheTests
{
    private const long Noon = 1_763_899_200; // a whole hour

    [Fact]
    public void Readings_that_follow_each_other_come_out_as_one_file_in_whatever_order_they_came()
    {
        var cache = new ModuleCache(60, ReplayOrder.NewestFirst);
        foreach (var i in (int[])[3, 0, 2, 1, 2]) cache.Add(Noon + (i * 60));
        Assert.Equal(4, cache.Count);
        Assert.Equal([new ReadingRange(Noon, 4, 60)], All(cache));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Up_to_a_day_is_filed_by_the_hour_and_more_by_the_day()
    {
        var hours = new ModuleCache(60, ReplayOrder.OldestFirst);
        for (var i = 0; i < 150; i++) hours.Add(Noon + (i * 60));
        Assert.Equal([60, 60, 30], All(hours).Select(file => file.Count));

        var days = new ModuleCache(3600, ReplayOrder.OldestFirst);
        for (var i = 0; i < 60; i++) days.Add(Noon + (i * 3600L));
        Assert.Equal(60, All(days).Sum(file => file.Count));
    }

    [Theory]
    [InlineData("NewestFirst")]
    [InlineData("OldestFirst")]
    public void Files_come_in_the_asked_for_order_and_hold_every_reading_once(string order)
    {
        // Property: whatever goes in, in any order and with gaps, comes out once, in files that are ordered.
        var random = new Random(4711);
        for (var round = 0; round < 200; round++)
        {
            var cache = new ModuleCache(60, Enum.Parse<ReplayOrder>(order));
            var readings = Enumerable.Range(0, random.Next(1, 400)).Select(_ => Noon + (random.Next(0, 3000) * 60L)).ToHashSet();
            foreach (var at in readings) cache.Add(at);
            var files = All(cache);
            Assert.Equal(readings.Order(), files.SelectMany(file => Enumerable.Range(0, file.Count).Select(file.At)).Order());
            var starts = files.Select(file => file.First).ToList();
            Assert.Equal(order == "NewestFirst" ? starts.OrderDescending() : starts.Order(), starts);
        }
    }

    [Fact]
    public void Beyond_a_month_the_oldest_are_given_up_and_counted()
    {
        var cache = new ModuleCache(3600, ReplayOrder.OldestFirst);
        long givenUp = 0;
        for (var i = 0; i < 31 * 24; i++) givenUp += cache.Add(Noon + (i * 3600L));
        Assert.Equal(0, givenUp);
        for (var i = 31 * 24; i < (31 * 24) + 50; i++) givenUp += cache.Add(Noon + (i * 3600L));
        Assert.Equal(50, givenUp);
        Assert.Equal(31 * 24, cache.Count);
        Assert.Equal(Noon + (50 * 3600L), All(cache)[0].First);
    }

    private static List<ReadingRange> All(ModuleCache cache)
    {
        var files = new List<ReadingRange>();
        while (cache.TryTake(out var file)) files.Add(file);
        return files;
    }
}
