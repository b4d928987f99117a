using Portal.Domain.Tariffs;

namespace Portal.Api.Rates.Files;

/// <summary>
/// Reads a tariff from YAML or JSON (docs/TARIFFS.md, "A tariff as a file"). Lists keep their length whatever is wrong in them, so that paths of
/// later checks are those of the file.
/// </summary>
internal static class TariffFileReader
{
    /// <summary>Largest file: the largest tariff in use has 30 KB.</summary>
    public const int MaxChars = 256 * 1024;

    /// <returns>Null where it can't be read at all.</returns>
    public static TariffFile? Read(string text, FileFaults faults)
    {
        if (FileTree.Read(text, faults) is not { } root) return null;
        var file = new FieldReader(root, "", faults);
        if (!file.IsMap("Must be a map with municipality, name and versions.")) return null;
        var read = new TariffFile(
            root,
            file.Text("municipality"),
            file.Text("name"),
            [.. file.Items("clocks", required: false).Select(clock => Clock(clock.Node, clock.Path, faults))],
            [.. file.Items("versions", required: true).Select(version => Version(version.Node, version.Path, faults))]);
        file.End();
        return read;
    }

    private static TariffClock Clock(FileNode node, string path, FileFaults faults)
    {
        var clock = new FieldReader(node, path, faults);
        clock.IsMap("Must be a clock with name and versions.");
        var read = new TariffClock(clock.Text("name"), [.. clock.Items("versions", required: true).Select(version => ClockFileReader.Version(version.Node, version.Path, faults))]);
        clock.End();
        return read;
    }

    private static FileVersion Version(FileNode node, string path, FileFaults faults)
    {
        var version = new FieldReader(node, path, faults);
        version.IsMap("Must be a version with from, currency, vatPercent, source and components.");
        var clockName = version.OptionalText("clock");
        HolidayRule? holidays = null;
        if (version.Optional("holidays") is { } rule)
        {
            var fields = new FieldReader(rule, version.Path("holidays"), faults);
            if (fields.IsMap("Must say countsAs, and may say except.")) holidays = ClockFileReader.Rule(fields);
            fields.End();
        }

        var read = new TariffVersion(
            "",
            version.Date("from"),
            version.OptionalDate("to"),
            version.Text("currency"),
            version.Number("vatPercent"),
            version.Text("source"),
            null,
            holidays,
            [.. version.Items("components", required: true).Select(component => ComponentFileReader.Component(component.Node, component.Path, faults))]);
        version.End();
        return new FileVersion(read, clockName);
    }
}
