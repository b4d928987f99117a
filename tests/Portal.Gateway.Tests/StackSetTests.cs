using System.Collections.Immutable;
using Portal.Gateway.Stacks;

namespace Portal.Gateway.Tests;

public sealed class StackSetTests
{
    [Fact]
    public void Of_new_files_with_one_host_the_first_by_name_has_it()
    {
        var set = Next(StackSet.Empty, ("b.json", "same"), ("a.json", "same"));

        Assert.Equal(["a.json"], set.Stacks.Keys);
        Assert.Equal("b.json", Assert.Single(set.Faults).File);
    }

    [Fact]
    public void Two_files_can_swap_their_hosts_in_one_reading()
    {
        var set = Next(Next(StackSet.Empty, ("a.json", "one"), ("b.json", "two")), ("a.json", "two"), ("b.json", "one"));

        Assert.Empty(set.Faults);
        Assert.Equal("two", set.Stacks["a.json"].Host);
        Assert.Equal("one", set.Stacks["b.json"].Host);
    }

    [Fact]
    public void A_file_that_moves_to_a_taken_host_keeps_its_own_even_against_a_newcomer()
    {
        var before = Next(StackSet.Empty, ("c.json", "one"), ("d.json", "two"));

        var after = Next(before, ("a.json", "two"), ("c.json", "one"), ("d.json", "one"));

        Assert.Equal(["c.json", "d.json"], after.Stacks.Keys);
        Assert.Equal("two", after.Stacks["d.json"].Host);
        Assert.Equal(["a.json", "d.json"], after.Faults.Select(fault => fault.File));
    }

    [Fact]
    public void A_refused_file_that_is_deleted_loses_its_last_good_routes()
    {
        var good = Next(StackSet.Empty, ("a.json", "one"));
        var refused = good.Next(new Dictionary<string, Stack?> { ["a.json"] = null }, [new StackFault("a.json", "$", "is bad")]);
        Assert.True(refused.RoutesLike(good));

        Assert.Empty(Next(refused).Stacks);
    }

    [Fact]
    public void Only_what_routing_depends_on_counts_as_a_change()
    {
        var set = Next(StackSet.Empty, ("a.json", "one"));
        Assert.True(set.RoutesLike(Next(set, ("a.json", "one"))));
        Assert.False(set.RoutesLike(Next(set, ("a.json", "one"), ("b.json", "two"))));
        Assert.False(set.RoutesLike(Next(set, ("a.json", "two"))));

        var moved = set.Stacks["a.json"] with { Services = set.Stacks["a.json"].Services.SetItem(Service.Api, ["http://elsewhere"]) };
        Assert.False(set.RoutesLike(set.Next(new Dictionary<string, Stack?> { ["a.json"] = moved }, [])));
        var limited = set.Stacks["a.json"] with { Paths = set.Stacks["a.json"].Paths.SetItem("/", new PathLimits(5, null)) };
        Assert.False(set.RoutesLike(set.Next(new Dictionary<string, Stack?> { ["a.json"] = limited }, [])));
        var rated = set.Stacks["a.json"] with { Rates = set.Stacks["a.json"].Rates.SetItem(RateKind.Ingest, new Rate(1, 1)) };
        Assert.False(set.RoutesLike(set.Next(new Dictionary<string, Stack?> { ["a.json"] = rated }, [])));
    }

    private static StackSet Next(StackSet set, params (string File, string Host)[] files) => set.Next(
        files.ToDictionary(file => file.File, file => (Stack?)new Stack(
            Path.GetFileNameWithoutExtension(file.File), file.Host, ImmutableSortedDictionary<Service, ImmutableArray<string>>.Empty.Add(Service.Api, ["http://a"]))),
        []);
}
