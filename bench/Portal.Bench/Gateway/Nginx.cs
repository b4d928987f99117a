using System.Diagnostics;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;

namespace Portal.Bench.Gateway;

/// <summary>nginx twice in one process: the backend, and a reverse proxy before it as its documentation sets one up.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly ChildProcess child;
    private readonly string folder;

    private Nginx(ChildProcess child, string folder, string version, int backend, int proxy) => (this.child, this.folder, Version, Backend, Proxy) = (child, folder, version, backend, proxy);

    public string Version { get; }

    public int Backend { get; }

    public int Proxy { get; }

    public static async Task<Nginx> StartAsync(string program)
    {
        var folder = Directory.CreateTempSubdirectory("tau-bench-nginx-").FullName;
        var (backend, proxy) = (FreePort.Next(), FreePort.Next());
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), Configuration(backend, proxy));
        var said = await Command.RunAsync([program, "-v"], TimeSpan.FromSeconds(10), CancellationToken.None);
        var start = new ProcessStartInfo(program, ["-p", folder, "-c", "nginx.conf", "-e", "stderr"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var nginx = new Nginx(ChildProcess.Start(start, Console.Error.WriteLine), folder, said.Output.Split('/')[^1].Trim(), backend, proxy);
        await Started.AnswersAsync(nginx.child, $"http://127.0.0.1:{proxy}/", "nginx");
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        await child.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(10));
        child.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string Configuration(int backend, int proxy) => $$"""
        daemon off;
        worker_processes auto;
        pid nginx.pid;
        events { worker_connections 1024; }
        http {
          access_log off;
          keepalive_requests 100000000;
          client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
          server {
            listen 127.0.0.1:{{backend}};
            location / { return 200 "{{new string('x', 1024)}}"; }
          }
          upstream backend { server 127.0.0.1:{{backend}}; keepalive 64; keepalive_requests 100000000; }
          server {
            listen 127.0.0.1:{{proxy}};
            location / {
              proxy_pass http://backend;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header Host $host;
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header X-Forwarded-Proto $scheme;
            }
          }
        }
        """;
}
