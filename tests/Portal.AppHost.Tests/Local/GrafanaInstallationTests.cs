using Portal.AppHost.Local;

namespace Portal.AppHost.Tests.Local;

public sealed class GrafanaInstallationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-grafana-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_program_is_started_with_the_folder_of_its_installation()
    {
        Install("archive/conf", "archive/bin", "grafana");
        Install("brew/share/grafana/conf", "brew/bin", "grafana-server");

        Assert.Equal([In("archive/bin/grafana"), "server", "--homepath", In("archive")], GrafanaInstallation.Find(In("archive/bin/grafana")).Found!.Line);
        Assert.Equal([In("brew/bin/grafana-server"), "--homepath", In("brew/share/grafana")], GrafanaInstallation.Find(In("brew/bin/grafana-server")).Found!.Line);
    }

    [Fact]
    public void A_link_leads_to_the_installation()
    {
        Install("archive/conf", "archive/bin", "grafana");
        File.CreateSymbolicLink(In("linked"), In("archive/bin/grafana"));

        Assert.Equal(In("archive"), GrafanaInstallation.Find(In("linked")).Found!.Home);
    }

    [Fact]
    public void What_is_no_Grafana_is_refused_with_what_is_wanted()
    {
        File.WriteAllText(In("grafana"), "");

        Assert.Contains("bin/grafana", Assert.Throws<UsageException>(() => GrafanaInstallation.Find(In("grafana"))).Message, StringComparison.Ordinal);
        Assert.Contains("conf/defaults.ini", Assert.Throws<UsageException>(() => GrafanaInstallation.Find(In("nowhere"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Left_out_it_is_said_what_the_page_answers_then()
    {
        var (found, said) = GrafanaInstallation.Find(GrafanaInstallation.None);

        Assert.Null(found);
        Assert.Contains("/grafana answers 404", said, StringComparison.Ordinal);
    }

    private string In(string path) => Path.Combine(_folder, path);

    private void Install(string settings, string programs, string name)
    {
        Directory.CreateDirectory(In(settings));
        Directory.CreateDirectory(In(programs));
        File.WriteAllText(Path.Combine(In(settings), "defaults.ini"), "");
        File.WriteAllText(Path.Combine(In(programs), name), "");
    }
}
