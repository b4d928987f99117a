using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Portal.Data.Tests.Timescale;

/// <summary>A client that can misbehave as Npgsql never would: it speaks as little of the wire protocol as that takes.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };

    public static async Task<RawClient> ConnectAsync(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        var client = new RawClient();
        await client._tcp.ConnectAsync(builder.Host!, builder.Port);
        byte[] startUp = [0, 0, 0, 0, 0, 3, 0, 0, .. Encoding.ASCII.GetBytes("user\0raw\0\0")];
        BinaryPrimitives.WriteInt32BigEndian(startUp, startUp.Length);
        await client.Stream.WriteAsync(startUp);
        await client.ReadUntilReadyAsync();
        return client;
    }

    private NetworkStream Stream => _tcp.GetStream();

    public async Task SendAsync(char type, byte[] body)
    {
        byte[] message = [(byte)type, 0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), body.Length + 4);
        await Stream.WriteAsync(message);
    }

    public async Task QueryAsync(string sql)
    {
        await SendAsync('Q', [.. Encoding.UTF8.GetBytes(sql), 0]);
        await ReadUntilReadyAsync();
    }

    /// <summary>All that the server still has to say, until it hangs up.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var reader = new StreamReader(Stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Resets the connection, as a killed process does.</summary>
    public void Abort() => _tcp.Client.Close(timeout: 0);

    public void Dispose() => _tcp.Dispose();

    private async Task ReadUntilReadyAsync()
    {
        var header = new byte[5];
        do
        {
            await Stream.ReadExactlyAsync(header);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4];
            await Stream.ReadExactlyAsync(body);
        }
        while (header[0] != 'Z');
    }
}
