using System.Net;
using System.Text;
using Portal.Contracts;
using Portal.Contracts.Audit;
using Portal.Contracts.Devices;
using Portal.Contracts.Sites;
using Portal.Domain.Measurements;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class ImportTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task A_file_is_previewed_then_done_and_done_again_it_changes_nothing()
    {
        using var admin = await api.AdminAsync();
        const string file = "site;time zone;device;serial;role;model\r\nNorth;Africa/Johannesburg;Intake;N-1;main;Acuvim II\r\nNorth;;\"Cold, store\";N-2;sub;\r\nEast;Europe/Berlin;;;;\r\n";
        var preview = await ImportAsync(admin, "\uFEFF" + file);
        Assert.Equal(["North", "East"], preview.NewSites);
        Assert.All(preview.Lines, line => Assert.Equal(ImportEffects.Creates, line.Effect));
        Assert.Equal("Africa/Johannesburg", preview.Lines[1].TimeZone);
        Assert.DoesNotContain(await SitesAsync(admin), site => site.Name == "North");

        var done = await ImportAsync(admin, file, preview.Plan);
        Assert.True(done.Applied);
        Assert.Equal(2, (await SitesAsync(admin)).Single(site => site.Name == "North").Devices);
        var audit = await (await admin.GetAsync("/api/audit")).ReadAsync<Page<AuditItem>>();
        Assert.Contains(audit.Items, entry => entry.Action == "device.created" && entry.Subject == "N-2");

        var again = await ImportAsync(admin, file);
        Assert.Null(again.Plan);
        Assert.All(again.Lines, line => Assert.Equal(ImportEffects.Nothing, line.Effect));
    }

    [PostgresFact]
    public async Task A_device_of_a_known_serial_is_moved_and_renamed_and_what_is_left_empty_stays()
    {
        using var admin = await api.AdminAsync();
        await DoAsync(admin, "site,time zone,device,serial,role,model\nWest,UTC,Old,W-1,generation,Acuvim L\n");
        await DoAsync(admin, "serial,device,site,time zone\nW-1,New,South,UTC\n");
        var devices = await (await admin.GetAsync("/api/devices")).ReadAsync<Page<DeviceItem>>();
        var device = devices.Items.Single(item => item.ExternalId == "W-1");
        var south = (await SitesAsync(admin)).Single(site => site.Name == "South");
        Assert.Equal(("New", south.Id, "generation", "Acuvim L"), (device.Name, device.SiteId, device.Role, device.Model));
    }

    [PostgresFact]
    public async Task Everything_wrong_is_named_by_line_and_column_at_once_and_nothing_is_done()
    {
        using var admin = await api.AdminAsync();
        await DoAsync(admin, "site,time zone\nKnown,UTC\n");
        var preview = await ImportAsync(
            admin,
            "site,time zone,device,serial,role\nFresh,Mars/Base,A,F-1,main\n,UTC,B,F-2,main\nKnown,Europe/Paris,C,F-3,main\nKnown,,,F-4,main\nKnown,,D,,boss\nKnown,,E,F-3,main\n"
            + $"Known,,{new string('x', 201)},F-5,main\n");
        Assert.Null(preview.Plan);
        Assert.Equal(
            [(2, "time zone"), (3, "site"), (4, "time zone"), (5, "device"), (6, "serial"), (6, "role"), (7, "serial"), (8, "device")],
            preview.Lines.SelectMany(line => line.Problems.Select(problem => (line.Number, problem.Column))));
        Assert.All(preview.Lines, line => Assert.Equal(ImportEffects.Fails, line.Effect));
        Assert.DoesNotContain(await SitesAsync(admin), site => site.Name == "Fresh");
        using var forced = await PostAsync(admin, "site,time zone\nOther,UTC\n", "?plan=0123456789abcdef");
        await forced.ProblemAsync(HttpStatusCode.Conflict, "plan-changed");
    }

    [PostgresFact]
    public async Task What_was_previewed_is_what_is_done_or_nothing_is()
    {
        using var admin = await api.AdminAsync();
        const string file = "site,time zone,device,serial\nRace,UTC,One,R-1\nRace,,Two,R-2\n";
        var preview = await ImportAsync(admin, file);
        await DoAsync(admin, "site,time zone,device,serial\nElsewhere,UTC,Somebody's,R-2\n");
        using var late = await PostAsync(admin, file, "?plan=" + preview.Plan);
        await late.ProblemAsync(HttpStatusCode.Conflict, "plan-changed");
        Assert.DoesNotContain(await SitesAsync(admin), site => site.Name == "Race");
    }

    [PostgresFact]
    public async Task Of_imports_at_once_that_would_make_the_same_site_or_device_one_is_done_and_the_others_are_told()
    {
        using var admin = await api.AdminAsync();
        var files = Enumerable.Range(0, 6).Select(i => $"site,time zone,device,serial\nAt once,UTC,One,A-{i / 2}\n").ToList();
        var plans = new List<string?>();
        foreach (var file in files) plans.Add((await ImportAsync(admin, file)).Plan);

        var answers = await Task.WhenAll(files.Zip(plans, (file, plan) => PostAsync(admin, file, "?plan=" + plan)));

        var done = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        foreach (var late in answers.Where(answer => answer != done)) await late.ProblemAsync(HttpStatusCode.Conflict, "plan-changed");
        Assert.Equal(1, Assert.Single(await SitesAsync(admin), site => site.Name == "At once").Devices);
        foreach (var answer in answers) answer.Dispose();
    }

    [PostgresFact]
    public async Task What_waits_in_quarantine_for_new_devices_is_admitted_with_them()
    {
        using var admin = await api.AdminAsync();
        foreach (var serial in (string[])["Q-1", "Q-2"])
            Assert.Equal([RowOutcome.UnknownDevice, RowOutcome.UnknownDevice], await api.PostAsync(serial, (At(0), "\"activePowerKw\":1.5"), (At(1), "\"activePowerKw\":2.5")));
        const string file = "site,time zone,device,serial\nQuarantine,UTC,One,Q-1\nQuarantine,,Two,Q-2\n";
        var done = await ImportAsync(admin, file, (await ImportAsync(admin, file)).Plan);
        Assert.Equal(4, done.AdmittedRows);
        Assert.Equal([RowOutcome.Duplicate], await api.PostAsync("Q-2", (At(1), "\"activePowerKw\":2.5")));

        DateTimeOffset At(int minutes) => api.Clock.GetUtcNow().AddHours(-1).AddMinutes(minutes);
    }

    [PostgresTheory]
    [InlineData("", "empty")]
    [InlineData("site,time zone\n", "nothing below")]
    [InlineData("name,serial\nA,B\n", "“name”")]
    [InlineData("device,serial\nA,B\n", "doesn't name “site”")]
    [InlineData("site,site\nA,B\n", "twice")]
    [InlineData("site,device\nA,\"b\"c\n", "Line 2")]
    public async Task A_file_that_is_none_is_refused_with_what_to_do(string text, string says)
    {
        using var admin = await api.AdminAsync();
        using var answer = await PostAsync(admin, text);
        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(says, problem.GetProperty("errors").GetProperty("file")[0].GetString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_file_of_another_encoding_or_type_or_with_too_many_lines_is_refused()
    {
        using var admin = await api.AdminAsync();
        using var latin = new ByteArrayContent(Encoding.Latin1.GetBytes("site,time zone\nKöln,UTC\n")) { Headers = { ContentType = new("text/csv") } };
        using (var answer = await admin.PostAsync("/api/devices/import", latin)) await answer.InvalidAsync("file");
        using (var json = await admin.PostAsync("/api/devices/import", new StringContent("{}", null, "application/json"))) Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
        using var many = await PostAsync(admin, "site,time zone\n" + string.Concat(Enumerable.Range(0, ImportFile.MaxLines + 1).Select(i => $"S{i},UTC\n")));
        await many.InvalidAsync("file");
    }

    [PostgresFact]
    public async Task The_export_imported_again_changes_nothing_and_holds_no_formula()
    {
        using var admin = await api.AdminAsync();
        await admin.NewSiteAsync("UTC", "'=Mill"); // as somebody may have copied it out of a spreadsheet
        await DoAsync(admin, "site,time zone,device,serial,role,model\n\"Plant, \"\"A\"\"\",UTC,'=HYPERLINK(1),X-1,check,\nEmpty,UTC,,,,\n");
        using var export = await admin.GetAsync("/api/devices/export");
        var text = Encoding.UTF8.GetString(await export.Content.ReadAsByteArrayAsync());
        Assert.Equal("text/csv", export.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("\uFEFFsite,time zone,device,serial,role,model\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(",=HYPERLINK", text, StringComparison.Ordinal);
        Assert.Contains("'=HYPERLINK", text, StringComparison.Ordinal);
        Assert.Contains("\r\nEmpty,UTC,,,,\r\n", text, StringComparison.Ordinal);
        var again = await ImportAsync(admin, text);
        Assert.Null(again.Plan);
        Assert.All(again.Lines, line => Assert.Equal(ImportEffects.Nothing, line.Effect));
    }

    private static async Task DoAsync(HttpClient admin, string file)
    {
        var preview = await ImportAsync(admin, file);
        Assert.True((await ImportAsync(admin, file, preview.Plan ?? throw new InvalidOperationException(string.Join(' ', preview.Lines)))).Applied);
    }

    private static async Task<ImportAnswer> ImportAsync(HttpClient admin, string file, string? plan = null)
    {
        using var answer = await PostAsync(admin, file, plan is null ? "" : "?plan=" + plan);
        return await answer.ReadAsync<ImportAnswer>();
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient admin, string file, string query = "") =>
        admin.PostAsync("/api/devices/import" + query, new StringContent(file, Encoding.UTF8, "text/csv"));

    private static async Task<IReadOnlyList<SiteItem>> SitesAsync(HttpClient admin) => (await (await admin.GetAsync("/api/sites")).ReadAsync<Page<SiteItem>>()).Items;
}
