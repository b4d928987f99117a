using Portal.Api.Rates;
using Portal.Api.Rates.Files;
using Portal.Contracts.Rates;
using Portal.Data.Rates;
using Portal.Domain.Tariffs;

namespace Portal.Api.Tests.Rates;

public sealed class TariffFileTests
{
    /// <summary>One of each kind of component, with all of their fields.</summary>
    internal const string Everything = """
        municipality: Town
        name: Everything
        clocks:
          - name: Town clock
            versions:
              - from: 2020-01-01
                bands: [peak, "off-peak"]
                otherwise: off-peak
                holidays: {calendar: south-africa, dates: [{date: 2024-05-29, name: Election day}], countsAs: sunday, except: {Good Friday: saturday}}
                seasons:
                  - {name: high, months: [6, 7, 8], weekday: [{from: "06:30", to: "09:00", band: peak}, {from: "18:00", to: "24:00", band: peak}], saturday: [], sunday: []}
                  - {name: low, months: [1, 2, 3, 4, 5, 9, 10, 11, 12], weekday: [{from: 07:00, to: 10:00, band: peak}], saturday: [], sunday: []}
        versions:
          - from: 2024-07-01
            to: 2025-07-01
            currency: ZAR
            vatPercent: 15.5
            source: "Town, schedule 3: page 7"
            clock: Town clock
            holidays: {countsAs: saturday}
            components:
              - kind: energy
                name: Energy
                rates: [{season: high, band: peak, price: 6.10}, {season: high, band: off-peak, price: 1.2}, {season: low, price: 1.5}]
              - {kind: blocks, name: Blocks, blocks: [{upTo: 50, price: 1}, {price: 2.25}], free: 10, normalised: true, seasons: [low]}
              - {kind: levy, name: Levy, price: 0.000123, bands: [peak]}
              - {kind: surcharge, name: Surcharge, percent: -2.5, of: [Energy]}
              - {kind: demand, name: Demand, unit: kva, price: 180, minimum: 20, bands: [peak]}
              - {kind: capacity, name: Capacity, unit: kw, price: 30, months: 6, ratchetPercent: 80}
              - {kind: fixed, name: Service, per: connectionPoint, price: 12}
              - {kind: reactive, name: Reactive, price: 0.3, freePercent: 30, assessment: halfHour, seasons: [high]}
              - {kind: export, name: Export, rates: [{band: peak, price: 0.9}], capped: true}
              - {kind: minimum, name: Minimum, price: 100}
        """;

    [Fact]
    public void A_file_says_every_kind_of_component_with_all_its_fields()
    {
        var version = Read(Everything).Versions[0];

        Assert.Equal("Town clock", version.ClockName);
        Assert.Equal(RatesJson.Kinds.Values, version.Version.Components.Select(component => component.GetType()));
        var blocks = Assert.IsType<BlockCharge>(version.Version.Components[1]);
        Assert.Equal((10m, true), (blocks.Free, blocks.Normalised));
        Assert.Equal([new EnergyBlock(50, 1), new EnergyBlock(null, 2.25m)], blocks.Blocks);
        Assert.Equal(new CapacityCharge("Capacity", DemandUnit.Kw, 30, 6, 80), version.Version.Components[5]);
        Assert.Equal(ReactiveAssessment.HalfHour, Assert.IsType<ReactiveCharge>(version.Version.Components[7]).Assessment);
        var clock = Read(Everything).Clocks[0].Versions[0];
        Assert.Equal([new ClockWindow(390, 540, "peak"), new ClockWindow(1080, 1440, "peak")], clock.Seasons[0].Days[DayKind.Weekday]);
        Assert.Equal(DayKind.Saturday, clock.Holidays!.Rule.Except["Good Friday"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_is_read_back_the_same(bool json)
    {
        var tariff = Tariff(Read(Everything));

        var text = json ? TariffText.Json(tariff) : TariffText.Yaml(tariff);
        var again = Tariff(Read(text));

        Assert.Equal(text, json ? TariffText.Json(again) : TariffText.Yaml(again));
        Assert.Equal(RatesMapping.Content(tariff.Versions[0]), RatesMapping.Content(again.Versions[0]));
        Assert.Equal(RatesMapping.Content(tariff.Versions[0].Clock!.Versions[0]), RatesMapping.Content(again.Versions[0].Clock!.Versions[0]));
        Assert.Contains("6.10", text, StringComparison.Ordinal); // a price keeps its digits
    }

    [Fact]
    public void Documents_in_the_database_are_read_back_the_same()
    {
        var tariff = Tariff(Read(Everything));
        var content = RatesMapping.Content(tariff.Versions[0]);
        Assert.Equal(content, RatesJson.Write(RatesJson.Read<VersionContent>(content)));
    }

    [Theory]
    [InlineData("", 1, "file", "Is empty")]
    [InlineData("municipality: [", 2, "file", "Is no YAML")]
    [InlineData("{\"municipality\": \"Town\",\n\"name\": }", 2, "name", "missing")]
    [InlineData("- a\n- b", 1, "file", "Must be a map")]
    [InlineData("municipality: A\nname: B\nname: C", 3, "file", "twice")]
    [InlineData("municipality: &a A\nname: *a", 1, "file", "Anchors")]
    [InlineData("municipality: !!str A", 1, "file", "tags")]
    [InlineData("municipality: A\n---\nname: B", 2, "file", "second document")]
    public void What_is_no_tariff_at_all_is_refused_with_the_line(string text, int line, string path, string message)
    {
        var faults = new FileFaults();
        TariffFileReader.Read(text, faults);
        Assert.Contains(faults.All, fault => fault.Line == line && fault.Path == path && fault.Message.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Depth_can_not_bring_the_service_down(char bracket)
    {
        var faults = new FileFaults();
        Assert.Null(TariffFileReader.Read(new string(bracket, 200_000), faults));
        Assert.Equal("file", Assert.Single(faults.All).Path);
    }

    [Fact]
    public void Every_value_that_can_not_be_read_is_named_at_once()
    {
        const string text = """
            municipality: Town
            name: Bad
            colour: green
            versions:
              - from: 1 July
                currency: ZAR
                vatPercent: fifteen
                components:
                  - {kind: energie, name: A}
                  - {kind: fixed, name: B, per: week, price: 1,5}
                  - {kind: levy, name: C, prize: 1}
            """;
        var faults = new FileFaults();
        TariffFileReader.Read(text, faults);
        Assert.Equal(
            ["3 colour", "5 versions[0].from", "5 versions[0].source", "7 versions[0].vatPercent", "9 versions[0].components[0].kind", "10 versions[0].components[1].per",
             "11 versions[0].components[2].price", "11 versions[0].components[2].prize"],
            faults.All.Where(fault => fault.Path != "versions[0].components[1].5").Select(fault => $"{fault.Line} {fault.Path}"));
    }

    [Fact]
    public void Every_tariff_that_ships_is_sound_and_names_its_source()
    {
        Assert.Equal(6, ShippedTariffs.Texts.Count);
        Assert.All(ShippedTariffs.Texts, text =>
        {
            var tariff = Tariff(Read(text.Value));
            var faults = new TariffFaults();
            TariffCheck.Check(tariff.Versions, "versions", faults);
            foreach (var clock in tariff.Versions.Select(version => version.Clock).OfType<TariffClock>()) ClockCheck.Check(clock, "clock", faults);
            Assert.Empty(faults.All);
            Assert.NotEmpty(tariff.Versions[0].Source);
        });
    }

    internal static Tariff Tariff(TariffFile file) => new(
        file.Municipality, file.Name,
        [.. file.Versions.Select(version => version.Version with { Clock = file.Clocks.FirstOrDefault(clock => clock.Name == version.ClockName) })]);

    private static TariffFile Read(string text)
    {
        var faults = new FileFaults();
        var file = TariffFileReader.Read(text, faults);
        Assert.Equal<RateFileFault>([], faults.All);
        return file!;
    }
}
