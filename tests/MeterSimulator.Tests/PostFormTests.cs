using System.Globalization;
using System.Text;
using MeterSimulator.Commands;
using MeterSimulator.Fleet;
using MeterSimulator.Metering;
using MeterSimulator.Posts;

namespace MeterSimulator.Tests;

public sealed class PostFormTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Johannesburg = TimeZoneInfo.FindSystemTimeZoneById("Africa/Johannesburg");
    private static readonly FleetPlan Fleet = FleetPlan.Create(new FleetOptions());

    [Theory]
    [InlineData("A")]
    [InlineData("B")]
    [InlineData("C")]
    [InlineData("D")]
    [InlineData("MeterLog")]
    public void Each_form_reads_back_as_what_the_meter_showed(string form)
    {
        var post = ShowCommand.Samples(1, Noon).Single(post => post.Form == Enum.Parse<PostForm>(form));
        var rows = Read(post);

        Assert.Equal(post.Readings, rows.Count);
        Assert.Equal(post.Meters.Select(meter => meter.Serial), rows.Select(row => row.Serial).Distinct());
        foreach (var row in rows)
        {
            var shown = Shown(post.Meters.Single(meter => meter.Serial == row.Serial), row.Time);
            var name = form == "MeterLog" ? "Ep_Imp [kWh]" : row.Values.ContainsKey("EP_IMP_kWh") ? "EP_IMP_kWh" : "Psum_kW";
            var quantity = name == "Psum_kW" ? Quantity.Active : Quantity.EnergyImport;
            Assert.Equal(shown[(int)quantity], row.Number(name), 0.051);
        }
    }

    [Fact]
    public void Every_logger_posts_what_its_meters_show_in_its_own_spelling_and_unit()
    {
        foreach (var logger in Fleet.Loggers.Where(logger => logger.Form != PostForm.MeterLog))
        {
            var rows = Read(Live(logger));
            Assert.Equal(logger.Meters.Count, rows.Count);
            foreach (var row in rows)
            {
                var shown = Shown(logger.Meters.Single(meter => meter.Serial == row.Serial), row.Time);
                Assert.True(row.Values.Count >= 20, $"{logger.Name} posts {row.Values.Count} values");
                foreach (var parameter in logger.Dialect.Parameters.Where(parameter => row.Values.ContainsKey(parameter.Name.Value)))
                {
                    if (parameter.Quantity == Quantity.LoadType) continue;
                    var half = 0.51 * Math.Pow(10, -parameter.Decimals) / parameter.Factor;
                    Assert.Equal(shown[(int)parameter.Quantity], row.Number(parameter.Name.Value) / parameter.Factor, half);
                }
            }
        }
    }

    [Theory]
    [InlineData("Psum_kW", "kW", 1)]
    [InlineData("Psum_kW", "", 1)]
    [InlineData("Psum", "W", 1000)]
    [InlineData("Psum", "kW", 1)]
    [InlineData("Vlavg_V", "V", 1)]
    [InlineData("VIavg_V", "", 1)]
    [InlineData("FREQ_Hz", "", 1)]
    [InlineData("VLN_a_V", "", 1)]
    [InlineData("Ep_imp", "Wh", 1000)]
    public void The_spellings_of_the_field_are_all_in_the_fleet(string name, string unit, double factor)
    {
        var spelt = Fleet.Loggers.SelectMany(logger => logger.Dialect.Parameters)
            .Where(parameter => parameter.Name.Value == name && parameter.Unit.Value == unit);
        Assert.Contains(spelt, parameter => Math.Abs(parameter.Factor - factor) < 1e-9);
    }

    [Fact]
    public void Values_come_as_text_from_some_firmware_and_as_numbers_from_other()
    {
        var inQuotes = Fleet.Loggers.Where(logger => logger.Form != PostForm.MeterLog)
            .Select(logger => Read(Live(logger))[0].Values.First(value => value.Key.StartsWith('P')).Value.WasText).ToHashSet();
        Assert.Equal([false, true], inQuotes.Order());
    }

    [Fact]
    public void What_is_absent_is_said_in_every_firmwares_own_way_and_never_as_zero()
    {
        var fleet = FleetPlan.Create(new FleetOptions { AbsentShare = 0.5 });
        var markers = new HashSet<string>();
        foreach (var logger in fleet.Loggers.Where(logger => logger.Form is PostForm.A or PostForm.B))
        {
            var texts = Read(Live(logger))[0].Values.Where(value => value.Key != "LoadType").Select(value => value.Value.Text).ToList();
            var unread = texts.Where(text => !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || double.IsNaN(number)).ToList();
            Assert.InRange(unread.Count, texts.Count / 5, texts.Count * 4 / 5);
            markers.UnionWith(unread);
        }

        Assert.Equal(["----", "-nan", "nan"], markers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_column_ends_early_where_its_last_values_are_absent()
    {
        var fleet = FleetPlan.Create(new FleetOptions { AbsentShare = 0.5 });
        var logger = fleet.Loggers.Single(logger => logger.Form == PostForm.C);
        var rows = Read(new Post(logger, PostForm.C, logger.Meters, new(Noon.ToUnixTimeSeconds(), 20, 60)));
        Assert.Equal(20, rows.Count);
        Assert.True(rows[^1].Values.Count < rows[0].Values.Count);
        Assert.Contains(rows.SelectMany(row => row.Values.Values), value => value.Text.Length == 0);
    }

    [Fact]
    public void A_logger_beside_the_meters_log_leaves_the_registers_to_it()
    {
        var log = Fleet.Loggers.Single(logger => logger.Form == PostForm.MeterLog);
        var beside = Fleet.Loggers.Single(logger => logger != log && logger.Meters[0] == log.Meters[0]);
        var row = Read(Live(beside))[0];
        Assert.DoesNotContain(row.Values.Keys, name => name.StartsWith("EP", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("Psum_kW", row.Values.Keys);
    }

    [Fact]
    public void A_bare_form_A_gives_the_meters_serial_as_its_gateways()
    {
        var logger = Fleet.Loggers.Single(logger => logger is { Form: PostForm.A, Multipart: false });
        Assert.Equal(logger.Meters[0].Serial, PostReader.Read(Text(Live(logger)), datasource: null, Johannesburg)[0].Serial);
    }

    [Fact]
    public void A_log_is_in_the_sites_local_time()
    {
        var post = ShowCommand.Samples(1, Noon).Single(post => post.Form == PostForm.MeterLog);
        Assert.Contains("\n3,2026-11-23 12:00:00 ,", Text(post), StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_is_ahead_stamps_what_happened_earlier()
    {
        var drifting = FleetPlan.Create(new FleetOptions { ClockDrift = TimeSpan.FromSeconds(90) });
        foreach (var (right, ahead) in Fleet.Loggers.Zip(drifting.Loggers))
        {
            var expected = Read(Live(right));
            var drifted = Read(Live(ahead));
            for (var i = 0; i < expected.Count; i++)
            {
                Assert.Equal(expected[i].Time.AddSeconds(90), drifted[i].Time);
                Assert.Equal(expected[i].Values, drifted[i].Values);
            }
        }
    }

    [Fact]
    public void The_same_post_has_the_same_bytes_from_a_fleet_made_anew()
    {
        var again = FleetPlan.Create(new FleetOptions());
        foreach (var (one, other) in Fleet.Loggers.Zip(again.Loggers))
        {
            Assert.Equal(PostBody.Of(Live(one)).Bytes, PostBody.Of(Live(other)).Bytes);
        }
    }

    private static Post Live(DataLogger logger) =>
        new(logger, logger.Form, logger.Meters, new(Noon.ToUnixTimeSeconds(), 1, 60 * logger.IntervalMultiple));

    private static string Text(Post post) => Encoding.UTF8.GetString(PostBody.File(post));

    private static List<PostedRow> Read(Post post) =>
        PostReader.Read(Text(post), post.Logger.Multipart ? $"{post.Meters[0].Serial}/{post.Meters[0].Model}" : null, Johannesburg);

    private static double[] Shown(MeterPlan meter, DateTimeOffset time)
    {
        var values = new double[Quantities.Count];
        meter.Meter.Read(time, values);
        return values;
    }
}
