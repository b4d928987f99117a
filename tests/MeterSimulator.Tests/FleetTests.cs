using System.Text.RegularExpressions;
using MeterSimulator.Fleet;
using MeterSimulator.Posts;

namespace MeterSimulator.Tests;

public sealed partial class FleetTests
{
    [Theory]
    [InlineData(1, 8, 5)]
    [InlineData(2, 6, 4)]
    [InlineData(3, 8, 5)]
    public void A_seed_has_its_own_fleet(int seed, int meters, int sites)
    {
        var fleet = FleetPlan.Create(new FleetOptions { Seed = seed });
        Assert.Equal(meters, fleet.Meters.Count);
        Assert.Equal(sites, fleet.Sites.Count);
        Assert.All(fleet.Meters, meter => Assert.Contains(meter.Role, (string[])["main", "sub", "generation", "check"]));
        Assert.All(fleet.Sites, site => Assert.Equal("Africa/Johannesburg", site.Zone.Id));
        Assert.All(fleet.Sites, site => Assert.Contains(fleet.Meters, meter => meter.Site == site && meter.Role == "main"));
    }

    [Fact]
    public void Serials_look_like_the_makers_and_belong_to_one_seed()
    {
        var serials = Enumerable.Range(1, 12).SelectMany(seed => FleetPlan.Create(new FleetOptions { Seed = seed }).Meters).Select(meter => meter.Serial).ToList();
        Assert.All(serials, serial => Assert.Matches(Serial(), serial));
        Assert.Equal(serials.Count, serials.Distinct().Count());
        Assert.Equal("AN21010043", serials[0]);
    }

    [Fact]
    public void Two_fleets_of_the_usual_size_show_every_form_and_envelope()
    {
        var loggers = new[] { 1, 2 }.SelectMany(seed => FleetPlan.Create(new FleetOptions { Seed = seed }).Loggers).ToList();
        Assert.Equal(Enum.GetValues<PostForm>(), loggers.Select(logger => logger.Form).Distinct().Order());
        Assert.Contains(loggers, logger => logger is { Multipart: true, Gzip: true });
        Assert.Contains(loggers, logger => logger is { Multipart: false, Gzip: true });
        Assert.Contains(loggers, logger => logger is { Multipart: true, Gzip: false });
        Assert.Contains(loggers, logger => logger is { Multipart: false, Gzip: false });
        Assert.Contains(loggers, logger => logger.Meters.Count > 1);
    }

    [Fact]
    public void Every_meter_is_posted_for_and_every_value_by_one_logger_only()
    {
        var fleet = FleetPlan.Create(new FleetOptions { Devices = 40 });
        foreach (var meter in fleet.Meters)
        {
            var loggers = fleet.Loggers.Where(logger => logger.Meters.Contains(meter)).ToList();
            Assert.True(loggers is [{ Values: LoggedValues.Everything }]
                or [{ Values: LoggedValues.WithoutRegisters }, { Values: LoggedValues.RegistersOnly }]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(57)]
    public void A_fleet_is_as_large_as_asked_and_begins_like_the_seeds_own(int devices)
    {
        var fleet = FleetPlan.Create(new FleetOptions { Devices = devices });
        var own = FleetPlan.Create(new FleetOptions());
        Assert.Equal(devices, fleet.Meters.Count);
        Assert.Equal(devices, fleet.Meters.Select(meter => meter.Serial).Distinct().Count());
        Assert.Equal(devices, fleet.Meters.Select(meter => (meter.Site.Name, meter.Name)).Distinct().Count());
        foreach (var (mine, given) in fleet.Meters.Zip(own.Meters)) Assert.Equal((given.Serial, given.Name), (mine.Serial, mine.Name));
    }

    [Fact]
    public void The_unknown_device_posts_but_is_not_to_be_registered()
    {
        var fleet = FleetPlan.Create(new FleetOptions { UnknownDevice = true });
        var stray = Assert.Single(fleet.Meters, meter => !meter.Registered);
        Assert.DoesNotContain(fleet.Sites, site => site == stray.Site);
        Assert.Contains(fleet.Loggers, logger => logger.Meters.Contains(stray));
        Assert.Equal(9, fleet.Meters.Select(meter => meter.Serial).Distinct().Count());
    }

    [GeneratedRegex("^AN2[0-9](0[1-9]|1[0-2])[0-9]{4}$")]
    private static partial Regex Serial();
}
