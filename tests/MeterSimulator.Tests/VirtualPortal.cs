using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MeterSimulator.Tests;

/// <summary>A post as it reached the server.</summary>
public sealed record ReceivedPost(
    string Host, string? Authorization, string ContentType, bool Gzip, string? Action, string? FileName, string? FileType,
    IReadOnlyList<PostedRow> Rows);

/// <summary>
/// A real HTTP server that keeps to the wire contract's words about sign-in, sites, devices, keys and ingest, page by page, and remembers
/// everything it was sent. What it answers can be bent to any outage.
/// </summary>
public sealed class VirtualPortal : IAsyncDisposable
{
    public const string Email = "admin@portal.local";
    public const string Password = "Secret-of-the-test-1";
    public const string Host = "abc0001.localhost";

    private const int PageSize = 2;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string, DateTimeOffset), HashSet<string>> _stored = [];
    private readonly string _session = Guid.NewGuid().ToString("N");
    private WebApplication? _app;
    private int _port;
    private int _requests;

    public List<JsonObject> Sites { get; } = [];

    public List<JsonObject> Devices { get; } = [];

    public List<string> Keys { get; } = [];

    /// <summary>Posts that were answered 200, in order of arrival.</summary>
    public ConcurrentQueue<ReceivedPost> Posts { get; } = [];

    public int Requests => _requests;

    /// <summary>Asked before a post is taken: null takes it, else this is the answer.</summary>
    public Func<ReceivedPost, IResult?> Ingest { get; set; } = _ => null;

    /// <summary>Asked before the API answers.</summary>
    public Func<HttpRequest, IResult?> Api { get; set; } = _ => null;

    /// <summary>Bytes of a body that the server takes; a larger one is refused before it is read. Acts on the next <see cref="OpenAsync"/>.</summary>
    public long BodyLimit { get; set; } = 100_000_000;

    public Uri Url => new($"http://127.0.0.1:{_port}");

    public static async Task<VirtualPortal> StartAsync()
    {
        var portal = new VirtualPortal();
        await portal.OpenAsync();
        return portal;
    }

    /// <summary>Listens, on the same port as before if there was one.</summary>
    public async Task OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = BodyLimit;
            kestrel.Listen(IPAddress.Loopback, _port);
        });
        builder.Services.Configure<Microsoft.AspNetCore.Http.Features.FormOptions>(form => form.MultipartBodyLengthLimit = 100_000_000);
        _app = builder.Build();
        _app.MapPost("/api/auth/login", LoginAsync);
        MapCollection(_app, "/api/sites", Sites, unique: null); // two sites may have one name
        MapCollection(_app, "/api/devices", Devices, "externalId");
        _app.MapPost("/api/ingest-keys", (HttpRequest request) => Guarded(request, () =>
        {
            Keys.Add($"pik_{Guid.NewGuid():N}");
            return Results.Created("/api/ingest-keys/1", new { id = Keys.Count, key = Keys[^1] });
        }));
        _app.MapPost("/api/ingest/acuvim", TakeAsync);
        await _app.StartAsync();
        _port = new Uri(_app.Urls.First()).Port;
    }

    public async Task CloseAsync()
    {
        await _app!.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    public IReadOnlyList<PostedRow> Rows => [.. Posts.SelectMany(post => post.Rows)];

    private async Task<IResult> LoginAsync(HttpRequest request, HttpResponse response)
    {
        Interlocked.Increment(ref _requests);
        var body = (await JsonNode.ParseAsync(request.Body))!;
        if (Api(request) is { } refusal) return refusal;
        if (body["email"]!.ToString() != Email || body["password"]!.ToString() != Password)
        {
            return Results.Problem(statusCode: 401, title: "Sign-in failed", type: "urn:portal:sign-in-failed");
        }

        response.Cookies.Append("portal", _session, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax });
        return Results.Ok(new { email = Email, role = "Admin" });
    }

    private void MapCollection(WebApplication app, string path, List<JsonObject> items, string? unique)
    {
        app.MapGet(path, (HttpRequest request, string? cursor) => Guarded(request, () =>
        {
            var start = cursor is null ? 0 : int.Parse(cursor[3..], CultureInfo.InvariantCulture);
            var page = items.Skip(start).Take(PageSize).Select(item => item.DeepClone()).ToArray();
            var next = start + PageSize < items.Count ? $"at+{start + PageSize}" : null;
            return Results.Json(new JsonObject { ["items"] = new JsonArray(page), ["next"] = next });
        }));
        app.MapPost(path, async (HttpRequest request) =>
        {
            var item = (await JsonNode.ParseAsync(request.Body))!.AsObject();
            return Guarded(request, () =>
            {
                if (unique is not null && items.Any(other => other[unique]!.ToString() == item[unique]!.ToString())) return Results.Problem(statusCode: 409);
                item["id"] = $"{path[5..]}-{items.Count + 1}";
                items.Add(item);
                return Results.Json(item, statusCode: 201);
            });
        });
    }

    private IResult Guarded(HttpRequest request, Func<IResult> answer)
    {
        Interlocked.Increment(ref _requests);
        if (request.Host.Host != Host) return Results.NotFound();
        if (Api(request) is { } refusal) return refusal;
        if (request.Cookies["portal"] != _session) return Results.Problem(statusCode: 401, title: "Not signed in");
        lock (_gate) return answer();
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        Interlocked.Increment(ref _requests);
        var post = await ReadAsync(request);
        if (Ingest(post) is { } refusal) return refusal;
        lock (_gate)
        {
            int accepted = 0, duplicate = 0;
            var rejections = new JsonArray();
            foreach (var (index, row) in post.Rows.Index())
            {
                if (Devices.Count > 0 && !Devices.Any(device => device["externalId"]!.ToString() == row.Serial))
                {
                    rejections.Add(new JsonObject { ["index"] = index, ["externalId"] = row.Serial, ["reason"] = "unknown-device" });
                    continue;
                }

                if (!_stored.TryGetValue((row.Serial, row.Time), out var columns)) _stored[(row.Serial, row.Time)] = columns = [];
                var before = columns.Count;
                columns.UnionWith(row.Values.Keys);
                if (columns.Count > before) accepted++;
                else duplicate++;
            }

            Posts.Enqueue(post);
            return Results.Json(new JsonObject
            {
                ["accepted"] = accepted, ["duplicate"] = duplicate, ["rejected"] = rejections.Count, ["rejections"] = rejections,
            });
        }
    }

    private static async Task<ReceivedPost> ReadAsync(HttpRequest request)
    {
        var gzip = request.Headers.ContentEncoding == "gzip";
        if (gzip) request.Body = new GZipStream(request.Body, CompressionMode.Decompress);
        string? action = null, datasource = null, fileName = null, fileType = null;
        string file;
        if (request.HasFormContentType)
        {
            var form = await request.ReadFormAsync();
            (action, datasource) = (form["action"], form["datasource"]);
            var part = Assert.Single(form.Files);
            Assert.Equal("file", part.Name);
            (fileName, fileType) = (part.FileName, part.ContentType);
            using var reader = new StreamReader(part.OpenReadStream(), Encoding.UTF8);
            file = await reader.ReadToEndAsync();
        }
        else
        {
            using var reader = new StreamReader(request.Body, Encoding.UTF8);
            file = await reader.ReadToEndAsync();
        }

        var rows = PostReader.Read(file, datasource, TimeZoneInfo.FindSystemTimeZoneById("Africa/Johannesburg"));
        return new(request.Host.Value!, request.Headers.Authorization, request.ContentType!, gzip, action, fileName, fileType, rows);
    }
}
