using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;
using ZstdSharp;

namespace Portal.Ingest.Tests.Bodies;

public sealed class CompressionTests(SmallBodiesFixture fixture) : IClassFixture<SmallBodiesFixture>
{
    private const string Post = """{"measurements":[{"externalId":"Z","time":"2026-01-01T00:00:00Z","frequencyHz":50}]}""";
    private readonly IngestHost host = fixture.Host;

    [PostgresTheory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("GZIP")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("identity")]
    public async Task A_compressed_post_is_read(string encoding)
    {
        var response = await PostAsync(Compress(Encoding.UTF8.GetBytes(Post), encoding), encoding);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("\"rejected\":1", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [PostgresTheory]
    [InlineData("deflate")]
    [InlineData("compress")]
    [InlineData("gzip, br")]
    [InlineData("snappy")]
    public async Task Another_compression_is_refused_and_told_what_is_taken(string encoding)
    {
        var response = await PostAsync(Encoding.UTF8.GetBytes(Post), encoding);
        await Problem.AssertAsync(response, HttpStatusCode.UnsupportedMediaType, "unknown-form");
        Assert.Equal("gzip, br, zstd", string.Join(", ", response.Headers.GetValues("Accept-Encoding")));
    }

    [PostgresTheory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task A_bomb_is_stopped_at_the_limit(string encoding)
    {
        var bomb = Compress(new byte[200 * 1024 * 1024], encoding);
        Assert.True(bomb.Length < 1024 * 1024);
        await Problem.AssertAsync(await PostAsync(bomb, encoding), HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [PostgresTheory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task What_is_not_compressed_as_it_says_is_unreadable(string encoding) =>
        await Problem.AssertAsync(await PostAsync(Encoding.UTF8.GetBytes(Post), encoding), HttpStatusCode.BadRequest, "unreadable-post");

    [PostgresTheory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task A_compressed_post_cut_off_stores_nothing(string encoding)
    {
        // A log file: what is left of it would still be one.
        var rows = string.Concat(Enumerable.Range(0, 2_000).Select(i => $"{i},2026-01-01 {i / 60 % 24:00}:{i % 60:00}:00,{i * 17 % 1000}.5,\n"));
        var whole = Compress(Encoding.UTF8.GetBytes("No.,Time Stamp,Ep_Imp [kWh],\n" + rows), encoding);

        var response = await PostAsync(whole[..(whole.Length / 2)], encoding, "/api/ingest/acuvim?datasource=Z/x");

        await Problem.AssertAsync(response, HttpStatusCode.BadRequest, "unreadable-post");
    }

    [PostgresTheory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task Several_compressed_pieces_one_after_the_other_are_one_post(string encoding)
    {
        var half = Post.Length / 2;
        byte[] pieces =
        [
            .. Compress(Encoding.UTF8.GetBytes(Post[..half]), encoding),
            .. Compress(Encoding.UTF8.GetBytes(Post[half..]), encoding),
        ];
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(pieces, encoding)).StatusCode);
        await Problem.AssertAsync(await PostAsync(pieces[..^3], encoding), HttpStatusCode.BadRequest, "unreadable-post");
    }

    [PostgresFact]
    public async Task A_zstd_frame_that_wants_a_huge_window_is_refused()
    {
        using var compressor = new Compressor(1);
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_windowLog, 27);
        using var buffer = new MemoryStream();
        await using (var zstd = new CompressionStream(buffer, compressor, leaveOpen: true))
        {
            await zstd.WriteAsync(Encoding.UTF8.GetBytes(Post));
        }

        await Problem.AssertAsync(await PostAsync(buffer.ToArray(), "zstd"), HttpStatusCode.BadRequest, "unreadable-post");
    }

    private static byte[] Compress(byte[] plain, string encoding)
    {
        using var buffer = new MemoryStream();
        using (Stream stream = encoding.ToUpperInvariant() switch
        {
            "BR" => new BrotliStream(buffer, CompressionLevel.Optimal, leaveOpen: true),
            "ZSTD" => new CompressionStream(buffer, 3, leaveOpen: true),
            "IDENTITY" => new BufferedStream(new NonClosing(buffer)),
            _ => new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true),
        })
        {
            stream.Write(plain);
        }

        return buffer.ToArray();
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] body, string encoding, string path = "/api/ingest/measurements")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return await host.PostAsync(path, content);
    }

    private sealed class NonClosing(Stream inner) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);
    }
}
