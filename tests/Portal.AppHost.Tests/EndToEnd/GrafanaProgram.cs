using System.Net;
using Portal.AppHost.Tests.Processes;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>
/// An installation that stands in for Grafana's: its program writes down what it was told, and does nothing. What would answer people is
/// played by the test, on the port that the program was told.
/// </summary>
internal sealed class GrafanaProgram : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-grafana-").FullName;
    private HttpListener? _listener;

    public GrafanaProgram()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "bin"));
        Directory.CreateDirectory(Path.Combine(_folder, "conf"));
        File.WriteAllText(Path.Combine(_folder, "conf", "defaults.ini"), "");
        File.WriteAllText(Program, $"#!/bin/sh\nenv > '{_folder}'/$POSTGRES_DB.new\nmv '{_folder}'/$POSTGRES_DB.new '{_folder}'/$POSTGRES_DB\nexec sleep 86400\n");
        File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Program => Path.Combine(_folder, "bin", "grafana");

    /// <summary>What the one beside a database was told.</summary>
    public async Task<Dictionary<string, string>> SettingsAsync(string database)
    {
        var file = Path.Combine(_folder, database);
        await Shell.EventuallyAsync(() => File.Exists(file), $"no Grafana was started for {database}");
        return (await File.ReadAllLinesAsync(file)).Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2).DistinctBy(parts => parts[0]).ToDictionary(parts => parts[0], parts => parts[1]);
    }

    /// <summary>Answers on its port who the request says somebody is, and that it is well.</summary>
    public void Answer(int port)
    {
        // Whatever the host: the gateway passes the stack's own on.
        _listener = new HttpListener { Prefixes = { $"http://*:{port}/" } };
        _listener.Start();
        _ = AnswerAsync(_listener);
    }

    public void Dispose()
    {
        _listener?.Close();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task AnswerAsync(HttpListener listener)
    {
        try
        {
            while (true)
            {
                var http = await listener.GetContextAsync();
                var said = $$"""{"user":"{{http.Request.Headers["X-WEBAUTH-USER"]}}","role":"{{http.Request.Headers["X-WEBAUTH-ROLE"]}}","path":"{{http.Request.Url!.AbsolutePath}}"}""";
                http.Response.Close(System.Text.Encoding.UTF8.GetBytes(said), willBlock: false);
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
