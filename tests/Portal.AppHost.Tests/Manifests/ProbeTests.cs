using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.AppHost.Tests.CommandLine;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Tests.Manifests;

/// <summary>The health check of a container, run as a container runs it.</summary>
public sealed class ProbeTests
{
    private static readonly string[] Programs = [.. Stacks.Fleet(1, simulate: false).SelectMany(stack => stack.Services).Append(Gateway.Contained("")).Select(service => service.Project).Distinct()];

    public static TheoryData<string> Services => [.. Programs];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Every_program_asks_itself_how_it_is_and_ends(string program)
    {
        Assert.Equal(0, await ProbeAsync(program, "200 OK"));
        Assert.Equal(1, await ProbeAsync(program, "503 Service Unavailable"));
    }

    [Fact]
    public async Task Nobody_there_is_not_healthy_and_no_address_is_a_mistake()
    {
        Assert.Equal(1, (await RunAsync("Portal.Gateway", $"http://127.0.0.1:{FreePort.Next()}/health")).ExitCode);
        Assert.Equal(2, (await RunAsync("Portal.Gateway", "nonsense")).ExitCode);
    }

    [Fact]
    public void The_health_check_of_each_service_asks_its_own_program()
    {
        Assert.Equal(["dotnet", "Portal.Api.dll", "--probe", "http://127.0.0.1:8080/health/ready"], Stacks.Client("abc0001")["api"].HealthCommand);
        Assert.Equal(["dotnet", "Portal.Gateway.dll", "--probe", "http://127.0.0.1:9000/health/ready"], Gateway.Contained("").HealthCommand);
    }

    private static async Task<int> ProbeAsync(string program, string status)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answered = AnswerAsync(listener, status);
        var said = await RunAsync(program, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/health/ready");
        await answered;
        return said.ExitCode;
    }

    private static async Task AnswerAsync(TcpListener listener, string status)
    {
        using var caller = await listener.AcceptTcpClientAsync();
        await using var stream = caller.GetStream();
        await stream.ReadExactlyAsync(new byte["GET /health/ready HTTP/1.1".Length]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        // Closing with the rest of the request unread would cut the answer off.
        while (await stream.ReadAsync(new byte[1024]) > 0)
        {
        }
    }

    private static Task<Command.Result> RunAsync(string program, string address) =>
        Command.RunAsync([Repository.Dotnet, PortalProgram.Repository.Program(program), "--probe", address], TimeSpan.FromMinutes(1), CancellationToken.None);
}
