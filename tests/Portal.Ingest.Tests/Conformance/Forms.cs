using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Portal.Ingest.Tests.Conformance;

/// <summary>What a meter counted at one instant; null was not logged.</summary>
public sealed record Reading(DateTimeOffset Time, double? ImportKwh, double? ExportKwh = null);

/// <summary>One way of posting. The same readings, in every form, must become the same rows.</summary>
public abstract class Form
{
    public virtual string Path(string serial) => "/api/ingest/acuvim";

    /// <summary>The posts that carry these readings, in order.</summary>
    public abstract IEnumerable<HttpContent> Posts(string serial, IReadOnlyList<Reading> readings, TimeZoneInfo zone);

    public sealed override string ToString() => GetType().Name;

    protected static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "\"----\"";

    protected static StringContent Json(string json, string type = "application/json") => new(json, Encoding.UTF8, type);

    protected static MultipartFormDataContent Upload(string source, string file, string content)
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent("upload"), "action" },
            { new StringContent(source), "datasource" },
        };
        var part = new StringContent(content, Encoding.UTF8);
        part.Headers.ContentType = new MediaTypeHeaderValue("text/json");
        form.Add(part, "file", file);
        return form;
    }
}

public sealed class NativeForm : Form
{
    public override string Path(string serial) => "/api/ingest/measurements";

    public override IEnumerable<HttpContent> Posts(string serial, IReadOnlyList<Reading> readings, TimeZoneInfo zone)
    {
        var rows = readings.Select(reading =>
            $$"""{"externalId":"{{serial}}","time":"{{reading.Time:yyyy-MM-ddTHH:mm:ssK}}"{{Value("energyImportKwh", reading.ImportKwh)}}{{Value("energyExportKwh", reading.ExportKwh)}}}"""
        );
        yield return Json($$"""{"measurements":[{{string.Join(',', rows)}}]}""");
    }

    private static string Value(string name, double? value) => value is null ? "" : $",\"{name}\":{Number(value)}";
}

/// <summary>ISO times with the offset of the site, registers under their older names, the JSON as the body itself with a wrong type.</summary>
public sealed class FormA : Form
{
    public override IEnumerable<HttpContent> Posts(string serial, IReadOnlyList<Reading> readings, TimeZoneInfo zone) =>
        readings.Select(reading =>
            Json(
                $$"""
                {"readings":[{"param":"Ep_imp","value":{{Number(reading.ImportKwh)}},"unit":"kWh"},{"param":"Ep_exp","value":{{Number(reading.ExportKwh)}},"unit":"kWh"}],
                 "device":{"name":"Main","model":"AcuvimII"},"gateway":{"serial":"{{serial}}"},
                 "timestamp":"{{TimeZoneInfo.ConvertTime(reading.Time, zone):yyyy-MM-ddTHH:mm:sszzz}}"}
                """,
                "text/plain"
            )
        );
}

/// <summary>Unix seconds, watt hours as text, in a form.</summary>
public sealed class FormB : Form
{
    public override IEnumerable<HttpContent> Posts(string serial, IReadOnlyList<Reading> readings, TimeZoneInfo zone) =>
        readings.Select(reading =>
            Upload(
                serial + "/AcuvimII",
                $"{reading.Time.ToUnixTimeSeconds()}.json",
                $$"""
                {"timestamp":{{reading.Time.ToUnixTimeSeconds()}},"gateway":{},"device":{"name":"Main","model":"AcuvimII","serial":"{{serial}}","online":true,
                 "readings":[{"param":"EP_IMP","value":"{{Wh(reading.ImportKwh)}}","unit":"Wh"},{"param":"EP_EXP","value":"{{Wh(reading.ExportKwh)}}","unit":"Wh"}]} }
                """
            )
        );

    private static string Wh(double? kwh) => kwh is null ? "nan" : Number(kwh * 1000);
}

/// <summary>Columns for many instants, in a form.</summary>
public sealed class FormC : Form
{
    public override IEnumerable<HttpContent> Posts(string serial, IReadOnlyList<Reading> readings, TimeZoneInfo zone)
    {
        var times = string.Join(',', readings.Select(reading => reading.Time.ToUnixTimeSeconds()));
        var import = string.Join(',', readings.Select(reading => Number(reading.ImportKwh)));
        var export = string.Join(',', readings.Select(reading => Number(reading.ExportKwh)));
        yield return Upload(
            "gateway-1/AXM-WEB2",
            "log.json",
            $$"""
            {"timestamp":[{{times}}],"gateway":{"serial":"gateway-1"},"device":{"name":"Main","model":"AcuvimII","serial":"{{serial}}","online":true,
             "readings":[{"param":"EP_IMP_kWh","value":[{{import}}],"unit":"kWh"},{"param":"EP_EXP_kWh","value":[{{export}}],"unit":"kWh"}]} }
            """
        );
    }
}

/// <summary>Several devices behind one head, megawatt hours.</summary>
public sealed class FormD : Form
{
    public override IEnumerable<HttpContent> Posts(string serial, IReadOnlyList<Reading> readings, TimeZoneInfo zone) =>
        readings.Select(reading =>
            Json(
                $$"""
                {"timestamp":"{{reading.Time.ToUnixTimeSeconds()}}","comm_head":{"model":"AcuLink","sn":"head-1"},"modules":[
                 {"name":"m1","model":"AcuRev","sn":"{{serial}}","online":true,"reading":[
                  {"param":"EP_IMP","value":{{Number(reading.ImportKwh / 1000)}},"unit":"MWh"},{"param":"EP_EXP","value":{{Number(reading.ExportKwh / 1000)}},"unit":"MWh"}]}]}
                """
            )
        );
}

/// <summary>A meter's log file in a form: the site's wall clock, no zone.</summary>
public class LogFile : Form
{
    public override IEnumerable<HttpContent> Posts(string serial, IReadOnlyList<Reading> readings, TimeZoneInfo zone)
    {
        yield return Upload(serial + "/AcuvimII", "log.csv", Content(readings, zone));
    }

    protected static string Content(IReadOnlyList<Reading> readings, TimeZoneInfo zone)
    {
        var log = new StringBuilder("Data Log 1,\r\nNo.,Time Stamp,Ep_Imp [kWh],Ep_Exp [kWh],\r\n");
        foreach (var (number, reading) in readings.Index())
        {
            var local = TimeZoneInfo.ConvertTime(reading.Time, zone);
            log.Append(CultureInfo.InvariantCulture, $"{number + 1},{local:yyyy-MM-dd HH:mm:ss} ,{Cell(reading.ImportKwh)} ,{Cell(reading.ExportKwh)} ,\r\n");
        }

        return log.ToString();
    }

    private static string Cell(double? value) => value is null ? "----" : Number(value);
}

/// <summary>The log file as the body itself.</summary>
public sealed class BareLogFile : LogFile
{
    public override string Path(string serial) => $"/api/ingest/acuvim?datasource={serial}/AcuvimII";

    public override IEnumerable<HttpContent> Posts(string serial, IReadOnlyList<Reading> readings, TimeZoneInfo zone)
    {
        yield return new StringContent(Content(readings, zone), Encoding.UTF8, "application/octet-stream");
    }
}
