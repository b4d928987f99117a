using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Portal.Domain.Decoding;
using Portal.Domain.Measurements;
using Portal.TimeSeries;
using Portal.TimeSeries.Writing;

namespace Portal.Bench.Micro;

/// <summary>5,000 full rows from JSON, and into COPY.</summary>
public class RowBenchmarks
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly SeriesLayout Layout = new("bench", HasCustomers: false, TimeSpan.FromDays(1), new SeriesLocks(1, 2, 3), typeof(RowBenchmarks).Assembly);

    private readonly byte[] target = new byte[1_000];
    private byte[] json = [];
    private WriteSet set = null!;

    [GlobalSetup]
    public void Prepare()
    {
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("measurements");
            BenchRows.Write(writer, 0, 100, Start, CopyReference.RowsOfCommit / 100);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        json = body.ToArray();
        var devices = Enumerable.Range(0, 100).ToDictionary(device => new PostedSerial(BenchRows.Serial(device)), device => new DeviceSite(new DeviceKey(device + 1), "UTC"));
        set = WriteSet.Create(Layout, [new ReceivedPost(Decode(), new DateTimeOffset(Start).AddDays(1))], devices);
        if (set.Count != CopyReference.RowsOfCommit) throw new InvalidOperationException($"{set.Count} rows were made.");
    }

    [Benchmark(OperationsPerInvoke = CopyReference.RowsOfCommit, Description = "decode a row of 20 values (JSON)")]
    public MeasurementBatch Decode() => NativeDecoder.Decode(json).Batch;

    [Benchmark(OperationsPerInvoke = CopyReference.RowsOfCommit, Description = "encode it for COPY")]
    public int Encode()
    {
        var bytes = 0;
        foreach (ref readonly var row in set.Rows) bytes += BinaryCopy.Encode(target, set, row, 3);
        return bytes;
    }
}
