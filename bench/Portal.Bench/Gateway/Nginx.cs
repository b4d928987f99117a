using System.Diagnostics;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;

namespace Portal.Bench.Gateway;

/// <summary>
/// An nginx: the backend that is asked, or the reverse proxy that the gateway is compared with. They are processes of their own, as gateway and
/// backend are: within one, a worker would hand a request to itself.
/// </summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly ChildProcess child;
    private readonly string folder;

    private Nginx(ChildProcess child, string folder, int port) => (this.child, this.folder, Port) = (child, folder, port);

    public int Port { get; }

    public int Pid => child.Identity.Pid;

    public static async Task<string> VersionAsync(string program)
    {
        var said = await Command.RunAsync([program, "-v"], TimeSpan.FromSeconds(10), CancellationToken.None);
        return said.Output.Split('/')[^1].Trim();
    }

    /// <summary>Answers a kilobyte from memory.</summary>
    public static Task<Nginx> BackendAsync(string program) => StartAsync(program, port => $$"""
          server {
            listen 127.0.0.1:{{port}};
            location / { return 200 "{{new string('x', 1024)}}"; }
          }
        """);

    /// <summary>
    /// As its documentation sets a proxy up, with what the gateway does for each request besides: the same headers for the service and for the
    /// caller, the caller's claims taken away, a limit for bodies. Neither logs a request that goes well.
    /// </summary>
    public static Task<Nginx> BeforeAsync(string program, int backend) => StartAsync(program, port => $$"""
          upstream backend { server 127.0.0.1:{{backend}}; keepalive 64; keepalive_requests 100000000; }
          server {
            listen 127.0.0.1:{{port}};
            server_name {{GatewayProcess.Host}};
            client_max_body_size 10m;
            location / {
              proxy_pass http://backend;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header Host $host;
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_set_header X-Forwarded-Host $host;
              proxy_set_header X-Request-Id $request_id;
              proxy_set_header X-Webauth-User "";
              proxy_set_header X-Webauth-Role "";
              proxy_set_header X-Real-Ip "";
              proxy_set_header Forwarded "";
              proxy_hide_header X-Powered-By;
              add_header X-Request-Id $request_id;
              add_header X-Content-Type-Options nosniff;
              add_header X-Frame-Options SAMEORIGIN;
              add_header Referrer-Policy same-origin;
              add_header Cross-Origin-Opener-Policy same-origin;
              add_header Cross-Origin-Resource-Policy same-origin;
              add_header Permissions-Policy "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            }
          }
        """);

    public async ValueTask DisposeAsync()
    {
        await child.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(10));
        child.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<Nginx> StartAsync(string program, Func<int, string> servers)
    {
        var folder = Directory.CreateTempSubdirectory("tau-bench-nginx-").FullName;
        var port = FreePort.Next();
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), $$"""
            daemon off;
            worker_processes auto;
            pid nginx.pid;
            events { worker_connections 1024; }
            http {
              access_log off;
              keepalive_requests 100000000;
              client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
            {{servers(port)}}
            }
            """);
        var start = new ProcessStartInfo(program, ["-p", folder, "-c", "nginx.conf", "-e", "stderr"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var nginx = new Nginx(ChildProcess.Start(start, Console.Error.WriteLine), folder, port);
        await Started.AnswersAsync(nginx.child, $"http://127.0.0.1:{port}/", "nginx");
        return nginx;
    }
}
