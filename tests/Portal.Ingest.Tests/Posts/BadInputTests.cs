using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Portal.Contracts.Ingest;
using Portal.Domain.Decoding;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;

namespace Portal.Ingest.Tests.Posts;

/// <summary>Bad input of every kind gets its status and problem type, and leaves nothing behind.</summary>
public sealed class BadInputTests(SmallBodiesFixture fixture) : IClassFixture<SmallBodiesFixture>
{
    private const string Native = "/api/ingest/measurements";
    private const string Acuvim = "/api/ingest/acuvim";
    private const string Good = """{"externalId":"KNOWN","time":"2026-01-01T00:00:00Z","frequencyHz":50}""";
    private readonly IngestHost host = fixture.Host;

    [PostgresTheory]
    [InlineData(Native, "application/json", "")]
    [InlineData(Native, "application/json", "   \r\n ")]
    [InlineData(Native, "application/json", "{")]
    [InlineData(Native, "application/json", "not json")]
    [InlineData(Native, "application/json; charset=utf-8", "[]")]
    [InlineData(Native, "application/json", "null")]
    [InlineData(Native, "application/json", "{}")]
    [InlineData(Native, "application/json", """{"measurements":{}}""")]
    [InlineData(Native, "application/json", """{"measurements":[""" + Good + ""","x":}]}""")]
    [InlineData(Native, "application/json", """{"measurements":[""" + Good + "]")]
    [InlineData(Native, "application/json", """{"measurements":[""" + Good + "]}trailing")]
    [InlineData(Native, "text/plain", """{"timestamp":1,"device":{"serial":"KNOWN","readings":[]}}""")]
    [InlineData(Acuvim, "application/json", "")]
    [InlineData(Acuvim, "text/json", "not json")]
    [InlineData(Acuvim, "application/json", "{}")]
    [InlineData(Acuvim, "application/json", "[1]")]
    [InlineData(Acuvim, "text/plain", """{"timestamp":1764959040,"device":{"serial":"KNOWN","readings":[{"param":"F","value":50""")]
    [InlineData(Acuvim, "text/plain", """{"measurements":[""" + Good + "]}")]
    [InlineData(Acuvim, "multipart/form-data; boundary=b1", "--b1\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nupload\r\n--b1--\r\n")]
    [InlineData(Acuvim, "multipart/form-data; boundary=b1", "--b1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"1.json\"\r\n\r\n{\"timestamp\":\r\n--b1--\r\n")]
    [InlineData(Acuvim, "multipart/form-data; boundary=b1", "--b1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"1.json\"\r\n\r\n\r\n--b1--\r\n")]
    public async Task What_can_not_be_read_is_400(string path, string type, string body) =>
        await AssertRefusedAsync(path, type, Encoding.UTF8.GetBytes(body), HttpStatusCode.BadRequest, "unreadable-post");

    [PostgresTheory]
    [InlineData(Native, "text/plain", "hello")]
    [InlineData(Native, "application/xml", "<measurements/>")]
    [InlineData(Native, "text/csv", "No.,Time Stamp,Ep_Imp [kWh],\n1,2026-01-01 00:00:00,1,\n")]
    [InlineData(Native, "application/x-www-form-urlencoded", "a=b")]
    [InlineData(Acuvim, "text/html", "<html>502</html>")]
    [InlineData(Acuvim, "text/csv", "name,amount\n1,2\n")]
    [InlineData(Acuvim, "image/png", "\u0089PNG\r\n")]
    [InlineData(Acuvim, "multipart/form-data; boundary=b1", "--b1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"1.png\"\r\n\r\nPNG\r\n--b1--\r\n")]
    public async Task A_form_that_nobody_knows_is_415(string path, string type, string body) =>
        await AssertRefusedAsync(path, type, Encoding.UTF8.GetBytes(body), HttpStatusCode.UnsupportedMediaType, "unknown-form");

    [PostgresFact]
    public async Task A_body_over_the_limit_is_413()
    {
        var body = Encoding.UTF8.GetBytes("""{"measurements":[""" + Good + new string(' ', 1024 * 1024) + "]}");
        await AssertRefusedAsync(Native, "application/json", body, HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [PostgresFact]
    public async Task A_body_over_the_limit_without_a_length_is_413()
    {
        var body = Encoding.UTF8.GetBytes("""{"measurements":[""" + Good + new string(' ', 1024 * 1024) + "]}");
        var before = await FingerprintAsync();

        using var response = await host.PostAsync(Native, new StreamContent(new Unseekable(body)));

        await Problem.AssertAsync(response, HttpStatusCode.RequestEntityTooLarge, "too-large");
        Assert.Equal(before, await FingerprintAsync());
    }

    [PostgresFact]
    public async Task A_body_of_exactly_the_limit_is_read()
    {
        var post = """{"measurements":[]}""";
        using var response = await host.PostAsync(Native, new StringContent(post + new string(' ', (1024 * 1024) - post.Length)));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [PostgresFact]
    public async Task More_rows_than_a_post_may_have_are_413()
    {
        var body = Encoding.UTF8.GetBytes("""{"measurements":[""" + Good + string.Concat(Enumerable.Repeat(",1", DecodedPost.MaxRows)) + "]}");
        await AssertRefusedAsync(Native, "application/json", body, HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [PostgresTheory]
    [InlineData("""{"externalId":"KNOWN","frequencyHz":50}""", "invalid-time")]
    [InlineData("""{"externalId":"KNOWN","time":"soon","frequencyHz":50}""", "invalid-time")]
    [InlineData("""{"externalId":"KNOWN","time":"2026-01-01T00:00:00","frequencyHz":50}""", "invalid-time")]
    [InlineData("""{"externalId":"KNOWN","time":0,"frequencyHz":50}""", "invalid-time")]
    [InlineData("""{"externalId":"KNOWN","time":"2126-01-01T00:00:00Z","frequencyHz":50}""", "future-time")]
    [InlineData("""{"externalId":"KNOWN","time":"9999-12-30T00:00:00Z","frequencyHz":50}""", "future-time")]
    [InlineData("""{"externalId":"KNOWN","localTime":"9999-12-30T00:00:00","frequencyHz":50}""", "future-time")]
    [InlineData("""{"externalId":"KNOWN","time":"2026-01-01T00:00:00Z"}""", "no-values")]
    [InlineData("""{"externalId":"KNOWN","time":"2026-01-01T00:00:00Z","frequencyHz":"----"}""", "no-values")]
    [InlineData("""{"externalId":"KNOWN","time":"2026-01-01T00:00:00Z","angle":3}""", "no-values")]
    [InlineData("""{"externalId":"KNOWN","time":"2026-01-01T00:00:00Z","frequencyHz":"fifty"}""", "invalid-value")]
    [InlineData("""{"externalId":"KNOWN","time":"2026-01-01T00:00:00Z","frequencyHz":[50]}""", "invalid-value")]
    [InlineData("""{"externalId":"KNOWN","time":"2026-01-01T00:00:00Z","frequencyHz":-1}""", "out-of-range")]
    [InlineData("""{"time":"2026-01-01T00:00:00Z","frequencyHz":50}""", "unknown-device")]
    [InlineData("""{"externalId":"a\u0000b","time":"2026-01-01T00:00:00Z","frequencyHz":50}""", "unknown-device")]
    [InlineData("7", "unknown-device")]
    public async Task A_bad_row_is_rejected_with_its_reason_and_sinks_nothing(string row, string reason)
    {
        await EnsureKnownAsync();
        var good = $$"""{"externalId":"KNOWN","time":{{Interlocked.Increment(ref nextTime)}},"frequencyHz":50}""";
        var before = await FingerprintAsync();

        using var alone = await host.PostJsonAsync(Native, $$"""{"measurements":[{{row}}]}""");
        var answer = await AnswerAsync(alone);
        Assert.Equal((0, 0, 1), (answer.Accepted, answer.Duplicate, answer.Rejected));
        Assert.Equal((0, reason), (Assert.Single(answer.Rejections).Index, answer.Rejections[0].Reason));
        Assert.Equal(before, await FingerprintAsync());

        using var beside = await host.PostJsonAsync(Native, $$"""{"measurements":[{{good}},{{row}}]}""");
        answer = await AnswerAsync(beside);
        Assert.Equal((1, 0, 1), (answer.Accepted, answer.Duplicate, answer.Rejected));
        Assert.Equal((1, reason), (Assert.Single(answer.Rejections).Index, answer.Rejections[0].Reason));
    }

    [PostgresFact]
    public async Task At_most_a_hundred_rejections_are_listed_and_all_are_counted()
    {
        using var response = await host.PostJsonAsync(Native, """{"measurements":[""" + string.Join(',', Enumerable.Repeat("{}", 250)) + "]}");
        var answer = await AnswerAsync(response);
        Assert.Equal(250, answer.Rejected);
        Assert.Equal(Enumerable.Range(0, 100), answer.Rejections.Select(rejection => rejection.Index));
    }

    [PostgresFact]
    public async Task The_answer_has_the_names_of_the_contract()
    {
        using var response = await host.PostJsonAsync(Native, """{"measurements":[{"externalId":"X","frequencyHz":50}]}""");
        Assert.Equal(
            """{"accepted":0,"duplicate":0,"rejected":1,"rejections":[{"index":0,"externalId":"X","reason":"invalid-time"}]}""",
            await response.Content.ReadAsStringAsync()
        );
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [PostgresFact]
    public async Task An_unreadable_file_beside_a_good_one_is_a_rejection()
    {
        await EnsureKnownAsync();
        var time = Interlocked.Increment(ref nextTime);
        using var form = new MultipartFormDataContent
        {
            { new StringContent("KNOWN/AcuvimII"), "datasource" },
            { new StringContent("{\"broken\":"), "file", "1.json" },
            { new StringContent($$$"""{"timestamp":{{{time}}},"device":{"readings":[{"param":"F","value":50,"unit":"Hz"}]}}"""), "file", "2.json" },
        };

        using var response = await host.PostAsync(Acuvim, form);

        var answer = await AnswerAsync(response);
        Assert.Equal((1, 0, 1), (answer.Accepted, answer.Duplicate, answer.Rejected));
        Assert.Equal(new Rejection(0, "KNOWN", "invalid-value"), Assert.Single(answer.Rejections));
    }

    [PostgresTheory]
    [InlineData("GET", Native, HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("PUT", Acuvim, HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("POST", "/api/ingest/other", HttpStatusCode.NotFound, "not-found")]
    public async Task Another_method_or_path_is_a_problem_too(string method, string path, HttpStatusCode status, string kind)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", host.Key.Reveal());
        using var response = await host.Client.SendAsync(request);
        await Problem.AssertAsync(response, status, kind);
    }

    [PostgresFact]
    public async Task A_sender_that_gives_up_in_the_middle_leaves_nothing()
    {
        var before = await FingerprintAsync();
        using var giveUp = new CancellationTokenSource();
        var body = new Unseekable(Encoding.UTF8.GetBytes("""{"measurements":[""" + Good), stall: true);
        using var request = new HttpRequestMessage(HttpMethod.Post, Native) { Content = new StreamContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", host.Key.Reveal());
        var sending = host.Client.SendAsync(request, giveUp.Token);
        await body.Stalled;
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);

        using var next = await host.PostJsonAsync(Native, """{"measurements":[]}""");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal(before, await FingerprintAsync());
        await Eventually.TrueAsync(() => Task.FromResult(host.MemoryHeld == 0), "the memory of the broken post is given back");
    }

    private static long nextTime = 1_767_225_600;

    private async Task AssertRefusedAsync(string path, string type, byte[] body, HttpStatusCode status, string kind)
    {
        await EnsureKnownAsync();
        var before = await FingerprintAsync();
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await host.PostAsync(path, content);

        Assert.NotEqual("", await Problem.AssertAsync(response, status, kind));
        Assert.Equal(before, await FingerprintAsync());
    }

    private static async Task<IngestAnswer> AnswerAsync(HttpResponseMessage response)
    {
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<IngestAnswer>())!;
    }

    private async Task EnsureKnownAsync()
    {
        if (await host.Catalogue.ScalarAsync<long>("""SELECT count(*) FROM monitoring."Devices" WHERE "ExternalId" = 'KNOWN'""") == 0)
        {
            await host.Catalogue.AddDeviceAsync(await host.Catalogue.AddSiteAsync(), "KNOWN");
        }
    }

    // Rows of every table that a post may write to, partitions, notes and quarantine included.
    private async Task<string> FingerprintAsync() =>
        (
            await host.Catalogue.ScalarAsync<string>(
                """
                SELECT string_agg(t, E'\n' ORDER BY t) FROM (
                    SELECT format('%s.%s %s', table_schema, table_name,
                        (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %I.%I', table_schema, table_name), false, true, '')))[1]) AS t
                    FROM information_schema.tables
                    WHERE table_type = 'BASE TABLE' AND table_schema IN ('monitoring', 'portal') AND table_name NOT IN ('IngestKeys', 'UnknownParameters')
                ) AS tables
                """
            )
        )!;

    /// <summary>A body whose length nobody knows beforehand; it may stop in the middle for ever.</summary>
    private sealed class Unseekable(byte[] bytes, bool stall = false) : MemoryStream(bytes)
    {
        private readonly TaskCompletionSource stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stalled => stalled.Task;

        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = Read(buffer.Span);
            if (read == 0 && stall)
            {
                stalled.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return read;
        }
    }
}
