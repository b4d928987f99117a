using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Bench.Gateway;

/// <summary>
/// Requests on connections that stay open, each as soon as the one before is answered. On bare sockets: an HTTP client would cost more than
/// what is measured.
/// </summary>
internal sealed class Load
{
    private static readonly byte[] Request = Encoding.ASCII.GetBytes($"GET /figures HTTP/1.1\r\nHost: {GatewayProcess.Host}\r\nAccept: */*\r\n\r\n");

    private readonly List<double> milliseconds;

    private Load(List<double> milliseconds, TimeSpan took)
    {
        milliseconds.Sort();
        this.milliseconds = milliseconds;
        PerSecond = milliseconds.Count / took.TotalSeconds;
    }

    public double PerSecond { get; }

    /// <summary>Answers.</summary>
    public int Count => milliseconds.Count;

    /// <summary>A percentile of the times from a request to the end of its answer, in milliseconds.</summary>
    public double At(double part) => milliseconds[(int)Math.Min(milliseconds.Count - 1, part * milliseconds.Count)];

    public static async Task<Load> RunAsync(int port, int connections, TimeSpan time)
    {
        var from = TimeProvider.System.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => OneAsync(port, from, time))));
        return new([.. all.SelectMany(own => own)], TimeProvider.System.GetElapsedTime(from));
    }

    private static async Task<List<double>> OneAsync(int port, long from, TimeSpan time)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var times = new List<double>();
        var buffer = new byte[16 * 1024];
        while (TimeProvider.System.GetElapsedTime(from) < time)
        {
            var sent = TimeProvider.System.GetTimestamp();
            await socket.SendAsync(Request, SocketFlags.None);
            var (got, wanted) = (0, int.MaxValue);
            while (got < wanted)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(got), SocketFlags.None);
                if (read == 0) throw new InvalidOperationException("The connection was closed amid an answer.");
                got += read;
                if (wanted == int.MaxValue) wanted = Length(buffer.AsSpan(0, got)) ?? int.MaxValue;
            }

            times.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
        }

        return times;
    }

    /// <summary>Bytes of the whole answer; null before its headers are all there.</summary>
    private static int? Length(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        if (!answer.StartsWith("HTTP/1.1 200"u8)) throw new InvalidOperationException($"Answered {Encoding.ASCII.GetString(answer[..end])}");
        var at = answer.IndexOf("Content-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(answer[(at + "Content-Length: ".Length)..], out int body, out _)
            ? end + 4 + body
            : throw new InvalidOperationException("The answer does not say how long it is.");
    }
}

/// <summary>Of several runs the one in the middle.</summary>
internal static class Medians
{
    public static double Median(this List<Load> runs, Func<Load, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);
}
