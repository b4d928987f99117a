using System.IO.Compression;
using System.Net;
using System.Text;
using Portal.Testing;
using ZstdSharp;

namespace Fleet.Aggregator.Tests.Push;

public sealed class SmallBodiesApp : AggregatorApp
{
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Push:MaxBodyMiB"] = "2" };
}

public sealed class HostileBodyTests(SmallBodiesApp app) : IClassFixture<SmallBodiesApp>
{
    private const string Id = "\"batchId\":\"0199d2f4-5a10-7c3e-9b1d-0f6c1a2b3c4d\"";

    [PostgresTheory]
    [InlineData("", null)]
    [InlineData("   ", null)]
    [InlineData("[]", null)]
    [InlineData("{", null)]
    [InlineData("{}", "batchId")]
    [InlineData("{\"batchType\":\"measurements\",\"rows\":[]}", "batchId")]
    [InlineData("{" + Id + ",\"rows\":[]}", "batchType")]
    [InlineData("{" + Id + ",\"batchType\":\"measurements\"}", "rows")]
    [InlineData("{" + Id + ",\"batchType\":\"measurements\",\"rows\":null}", "rows")]
    [InlineData("{" + Id + ",\"batchType\":\"measurements\",\"rows\":{}}", "rows")]
    [InlineData("{" + Id + ",\"batchType\":\"measurements\",\"rows\":[],\"rows\":[]}", "rows")]
    [InlineData("{" + Id + ",\"batchType\":\"everything\",\"rows\":[]}", "batchType")]
    [InlineData("{" + Id + ",\"batchType\":7,\"rows\":[]}", "batchType")]
    [InlineData("{" + Id + ",\"batchType\":\"unknown\",\"rows\":[]}", "batchType")]
    [InlineData("{\"batchId\":\"no-uuid\",\"batchType\":\"measurements\",\"rows\":[]}", "batchId")]
    [InlineData("{\"batchId\":\"00000000-0000-0000-0000-000000000000\",\"batchType\":\"measurements\",\"rows\":[]}", "batchId")]
    [InlineData("{\"batchId\":null,\"batchType\":\"measurements\",\"rows\":[]}", "batchId")]
    [InlineData("{" + Id + ",\"batchType\":\"measurements\",\"rows\":[],\"sentAt\":\"yesterday\"}", "sentAt")]
    [InlineData("{" + Id + ",\"batchType\":\"measurements\",\"rows\":[],\"sentAt\":{}}", "sentAt")]
    [InlineData("{" + Id + ",\"batchType\":\"measurements\",\"rows\":[],\"protocolVersion\":\"2\"}", "protocolVersion")]
    [InlineData("{" + Id + ",\"batchType\":\"measurements\",\"rows\":[],\"protocolVersion\":1.5}", "protocolVersion")]
    [InlineData("{" + Id + ",\"batchType\":\"measurements\",\"rows\":[],\"protocolVersion\":2,\"replace\":1}", "replace")]
    [InlineData("{" + Id + ",\"batchType\":\"measurements\",\"rows\":[],\"replace\":true}", "replace")]
    [InlineData("{" + Id + ",\"batchType\":\"devices\",\"rows\":[],\"protocolVersion\":2,\"replace\":true}", "replace")]
    [InlineData("{" + Id + ",\"batchType\":\"measurements\",\"rows\":[]} x", null)]
    [InlineData("{" + Id + ",\"batchType\":\"measurements\",\"rows\":[]", null)]
    [InlineData("{" + Id + ",\"batchType\":\"sites\",\"rows\":[{]}", null)]
    [InlineData("{" + Id + ",\"batchType\":\"measurements\",\"rows\":[{\"externalId\":\"A\",]}", null)]
    [InlineData("{\"\\ud800\":1," + Id + "}", null)]
    [InlineData("{\"batchType\":\"\\ud800\"," + Id + ",\"rows\":[]}", null)]
    public async Task A_body_that_is_no_batch_is_answered_400_with_the_place_and_left_on_record(string body, string? field)
    {
        using var stack = await app.RegisterAsync();

        using var answer = await stack.SendAsync(body);

        var detail = await Problem.AssertAsync(answer, HttpStatusCode.BadRequest, "malformed-batch", field);
        Assert.NotEmpty(detail);
        var left = Assert.Single(await app.EventsAsync(stack.Id));
        Assert.Equal((400, new Counts(0, 0, 0, 0), Encoding.UTF8.GetByteCount(body)), (left.Status, left.Rows, left.Bytes));
        Assert.Contains(detail, left.Error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task What_was_read_of_a_batch_before_it_was_refused_is_on_record()
    {
        using var stack = await app.RegisterAsync();

        using var answer = await stack.SendAsync("{" + Id + ",\"batchType\":\"measurements\",\n\"rows\":[{\"externalId\" \"A\"}]}");

        var detail = await Problem.AssertAsync(answer, HttpStatusCode.BadRequest, "malformed-batch");
        Assert.Contains("line 2, byte 23", detail, StringComparison.Ordinal);
        var left = Assert.Single(await app.EventsAsync(stack.Id));
        Assert.Equal(("0199d2f4-5a10-7c3e-9b1d-0f6c1a2b3c4d", "measurements"), (left.BatchId.ToString(), left.BatchType));
    }

    [PostgresTheory]
    [InlineData(0, "Update the customer's stack")]
    [InlineData(3, "Update the fleet's Admin stack")]
    [InlineData(2147483647, "Update the fleet's Admin stack")]
    public async Task Another_version_of_the_protocol_is_told_what_is_taken_and_which_side_to_update(int version, string advice)
    {
        using var stack = await app.RegisterAsync();

        // A newer version may have other types and values: that it is newer is what matters.
        using var answer = await stack.SendAsync($$"""{"batchId":"x","batchType":"hologram","rows":"?","protocolVersion":{{version}}}""");

        var detail = await Problem.AssertAsync(answer, HttpStatusCode.BadRequest, "unsupported-protocol", "protocolVersion");
        Assert.Contains("1 to 2", detail, StringComparison.Ordinal);
        Assert.Contains(advice, detail, StringComparison.Ordinal);
        Assert.Equal(400, Assert.Single(await app.EventsAsync(stack.Id)).Status);
    }

    [PostgresTheory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task This_version_and_the_one_before_are_taken(int? version)
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("V");

        using var answer = await stack.SendAsync(
            Pusher.Batch("measurements", """[{"externalId":"V","time":"2026-11-10T10:00:00Z","activePowerKw":1}]""", version: version)
        );

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [PostgresTheory]
    [InlineData("<html><body>502 Bad Gateway</body></html>", null)]
    [InlineData("externalId,time\nA,1", "text/csv")]
    [InlineData("\u0001\u0002\u0003", "application/octet-stream")]
    public async Task What_is_no_json_and_does_not_claim_to_be_is_415(string body, string? contentType)
    {
        using var stack = await app.RegisterAsync();
        await Problem.AssertAsync(await stack.SendAsync(body, contentType), HttpStatusCode.UnsupportedMediaType, "unknown-form");
        await Problem.AssertAsync(await stack.SendAsync(body, "application/json"), HttpStatusCode.BadRequest, "malformed-batch");
        Assert.Equal([415, 400], (await app.EventsAsync(stack.Id)).Select(left => left.Status));
    }

    [PostgresTheory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task A_compressed_batch_is_read_and_a_bomb_or_a_torn_one_is_not(string encoding)
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("Z");
        var batch = Compress(Encoding.UTF8.GetBytes(Pusher.Batch("measurements", """[{"externalId":"Z","time":"2026-11-10T10:00:00Z","activePowerKw":1}]""")), encoding);

        using var read = await stack.SendAsync(batch, encoding);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(batch.Length, (await app.EventsAsync(stack.Id))[^1].Bytes);

        var bomb = Compress(new byte[200 * 1024 * 1024], encoding);
        Assert.True(bomb.Length < 1024 * 1024);
        await Problem.AssertAsync(await stack.SendAsync(bomb, encoding), HttpStatusCode.RequestEntityTooLarge, "too-large");
        await Problem.AssertAsync(await stack.SendAsync(batch[..^5], encoding), HttpStatusCode.BadRequest, "malformed-batch");
        await Problem.AssertAsync(await stack.SendAsync("{}"u8.ToArray(), encoding), HttpStatusCode.BadRequest, "malformed-batch");
        Assert.Equal([200, 200, 413, 400, 400], (await app.EventsAsync(stack.Id)).Select(left => left.Status));
    }

    [PostgresFact]
    public async Task An_unknown_compression_is_told_what_is_taken()
    {
        using var stack = await app.RegisterAsync();
        using var answer = await stack.SendAsync("{}"u8.ToArray(), "lzma");
        await Problem.AssertAsync(answer, HttpStatusCode.UnsupportedMediaType, "unknown-form");
        Assert.Equal("gzip, br, zstd", string.Join(", ", answer.Headers.GetValues("Accept-Encoding")));
    }

    [PostgresFact]
    public async Task A_batch_that_is_too_large_is_413_with_and_without_its_length_announced()
    {
        using var stack = await app.RegisterAsync();
        var large = new byte[3 * 1024 * 1024];
        await Problem.AssertAsync(await stack.SendAsync(large, null), HttpStatusCode.RequestEntityTooLarge, "too-large");

        using var request = new HttpRequestMessage(HttpMethod.Post, Pusher.Path) { Content = new StreamContent(new MemoryStream(large)) };
        request.Headers.Authorization = new("Bearer", stack.Token);
        request.Headers.TransferEncodingChunked = true;
        using var client = app.As(null);
        await Problem.AssertAsync(await client.SendAsync(request), HttpStatusCode.RequestEntityTooLarge, "too-large");
        Assert.Equal([413, 413], (await app.EventsAsync(stack.Id)).Select(left => left.Status));
    }

    [PostgresTheory]
    [InlineData("measurements", 50_000, HttpStatusCode.OK)]
    [InlineData("measurements", 50_001, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("devices", 50_001, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_batch_has_fifty_thousand_rows_at_most(string type, int rows, HttpStatusCode status)
    {
        using var stack = await app.RegisterAsync();
        using var answer = await stack.SendAsync(Pusher.Batch(type, "[" + string.Join(',', Enumerable.Repeat("0", rows)) + "]"));
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal((int)status, Assert.Single(await app.EventsAsync(stack.Id)).Status);
    }

    [PostgresFact]
    public async Task Nested_junk_is_refused()
    {
        using var stack = await app.RegisterAsync();
        var deep = new string('[', 100_000) + new string(']', 100_000);
        await Problem.AssertAsync(await stack.SendAsync("{\"future\":" + deep + "}"), HttpStatusCode.BadRequest, "malformed-batch");
        await Problem.AssertAsync(await stack.SendAsync(Pusher.Batch("measurements", deep)), HttpStatusCode.BadRequest, "malformed-batch");
        await Problem.AssertAsync(await stack.SendAsync(Pusher.Batch("sites", deep)), HttpStatusCode.BadRequest, "malformed-batch");
    }

    [PostgresFact]
    public async Task Random_damage_to_a_batch_never_ends_in_anything_but_200_or_400()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("R");
        var random = new Random(20261125);
        var whole = Encoding.UTF8.GetBytes(
            Pusher.Batch("measurements", """[{"externalId":"R","time":"2026-11-10T10:00:00Z","activePowerKw":1.5,"loadType":"C"},{"externalId":"\u0052","time":1794304920,"frequencyHz":50}]""")
        );
        for (var i = 0; i < 300; i++)
        {
            var damaged = whole.ToArray();
            for (var hit = random.Next(1, 6); hit > 0; hit--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            using var answer = await stack.SendAsync(random.Next(4) == 0 ? damaged[..random.Next(damaged.Length)] : damaged, null);
            Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.BadRequest]);
        }
    }

    private static byte[] Compress(byte[] plain, string encoding)
    {
        using var buffer = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "br" => new BrotliStream(buffer, CompressionLevel.Optimal, leaveOpen: true),
            "zstd" => new CompressionStream(buffer, 3, leaveOpen: true),
            _ => new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true),
        })
        {
            stream.Write(plain);
        }

        return buffer.ToArray();
    }
}
