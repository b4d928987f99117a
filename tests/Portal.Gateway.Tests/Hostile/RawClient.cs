using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Gateway.Tests.Hostile;

/// <summary>Sends bytes as they are: what no HTTP library would let through.</summary>
internal static class RawClient
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    /// <summary>All that is answered until the gateway closes the connection, or has answered <paramref name="answers"/> times.</summary>
    /// <param name="request">In Latin-1, lines ending as written.</param>
    public static async Task<string> SendAsync(GatewayHost gateway, string request, int answers = 1)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.PublicAddress.Port);
        await using var stream = client.GetStream();
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), deadline.Token);
        }
        catch (IOException)
        {
            // Closed while we were still sending; what was answered can be read.
        }

        return await ReadAsync(stream, answers, deadline.Token);
    }

    public static async Task<string> ReadAsync(Stream stream, int answers, CancellationToken cancellationToken)
    {
        var answered = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                answered.Append(Encoding.Latin1.GetString(buffer, 0, read));
                if (IsWhole(answered.ToString(), answers)) break;
            }
        }
        catch (IOException)
        {
            // Reset.
        }

        return answered.ToString();
    }

    /// <summary>The status codes of all answers, in their order.</summary>
    public static IReadOnlyList<int> Statuses(string answered) =>
        [.. answered.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries).Select(answer => int.Parse(answer[..3], System.Globalization.CultureInfo.InvariantCulture))];

    // Every answer here has a length or is chunked; the last one is whole when its body is.
    private static bool IsWhole(string answered, int answers)
    {
        var parts = answered.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < answers) return false;
        var last = parts[^1].Split("\r\n\r\n", 2);
        if (last.Length < 2) return false;
        if (last[0].Contains("chunked", StringComparison.OrdinalIgnoreCase)) return last[1].EndsWith("0\r\n\r\n", StringComparison.Ordinal);
        var length = last[0].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return length is not null && last[1].Length >= int.Parse(length.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
