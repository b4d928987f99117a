using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Portal.Ingest.FleetPush;

namespace Portal.Ingest.Tests.FleetPush;

/// <summary>What one attempt makes of an answer.</summary>
public sealed class TransportTests
{
    private static readonly PushMessage Batch = Message();

    [Fact]
    public async Task An_answer_that_never_ends_is_given_up()
    {
        var outcome = await SendAsync(
            async http =>
            {
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync("{");
                await http.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            },
            patience: TimeSpan.FromSeconds(1)
        );

        Assert.Equal((PushResult.Retry, null), (outcome.Result, outcome.Status));
        Assert.Contains("can't be reached: it gave no whole answer within 1 seconds", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        var outcome = await SendAsync(async http =>
        {
            http.Response.ContentType = "application/json";
            for (var i = 0; i < 100_000 && !http.RequestAborted.IsCancellationRequested; i++)
            {
                await http.Response.WriteAsync(new string(' ', 10_000));
            }
        });

        Assert.Equal((PushResult.Retry, 200), (outcome.Result, outcome.Status));
    }

    [Theory]
    [InlineData("""{"batchId":"ID","accepted":2,"duplicate":1,"rejected":0,"rejections":[]}""", true)]
    [InlineData("""{"rejections":[],"rejected":1,"duplicate":1,"accepted":1,"batchId":"ID","more":{}}""", true)]
    [InlineData("""{"batchId":"ID","accepted":2,"duplicate":0,"rejected":0}""", false)] // one row is not spoken of
    [InlineData("""{"batchId":"0193f2a0-0000-7000-8000-000000000000","accepted":3,"duplicate":0,"rejected":0}""", false)]
    [InlineData("""{"accepted":3,"duplicate":0,"rejected":0}""", false)]
    [InlineData("""{"batchId":"ID","accepted":3,"dupli""", false)]
    [InlineData("""{"ok":true}""", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public async Task Only_an_answer_about_all_rows_of_this_batch_acknowledges_it(string body, bool acknowledges)
    {
        var outcome = await SendAsync(http => http.Response.WriteAsync(body.Replace("ID", Batch.BatchId.ToString(), StringComparison.Ordinal)));

        Assert.Equal(acknowledges ? PushResult.Acknowledged : PushResult.Retry, outcome.Result);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 1)]
    [InlineData("1000000", 3600)]
    [InlineData("soon", null)]
    public async Task The_fleet_may_say_how_long_to_wait(string header, int? seconds)
    {
        var outcome = await SendAsync(http =>
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            http.Response.Headers.RetryAfter = header;
            return Task.CompletedTask;
        });

        Assert.Equal(seconds, (int?)outcome.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task A_redirect_is_shown_and_not_followed_and_what_a_refusal_quotes_is_redacted()
    {
        var redirect = await SendAsync(http =>
        {
            http.Response.Redirect("https://elsewhere.example.com/login?next=secret");
            return Task.CompletedTask;
        });
        Assert.Contains("(302, redirects to https://elsewhere.example.com/login: Found)", redirect.Error, StringComparison.Ordinal);

        var refusal = await SendAsync(http =>
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return http.Response.WriteAsync($$"""{"title":"Not\n{{http.Request.Headers.Authorization}}."}""");
        });
        Assert.Contains("(401: Not Bearer pft_[redacted])", refusal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fleet_that_is_not_there_is_named_with_the_reason()
    {
        var fleet = await FleetReceiver.StartAsync();
        await fleet.DisposeAsync();

        using var transport = new PushTransport(Options(fleet), TimeProvider.System);
        var outcome = await transport.SendAsync(Batch, fleet.Token, CancellationToken.None);

        Assert.Equal((PushResult.Retry, null), (outcome.Result, outcome.Status));
        Assert.StartsWith($"The fleet at {new Uri(fleet.Address).Authority} can't be reached: Connection refused", outcome.Error, StringComparison.Ordinal);
    }

    private static async Task<PushOutcome> SendAsync(Func<HttpContext, Task> answer, TimeSpan? patience = null)
    {
        await using var fleet = await FleetReceiver.StartAsync();
        fleet.Before = async (http, _) =>
        {
            await answer(http);
            return true;
        };
        using var transport = new PushTransport(Options(fleet), TimeProvider.System) { Patience = patience ?? TimeSpan.FromSeconds(30) };
        return await transport.SendAsync(Batch, fleet.Token, CancellationToken.None);
    }

    private static IOptions<FleetIngestOptions> Options(FleetReceiver fleet) =>
        Microsoft.Extensions.Options.Options.Create(new FleetIngestOptions { Enabled = true, Url = fleet.Address });

    private static PushMessage Message()
    {
        var id = Guid.CreateVersion7();
        return new PushMessage(id, "measurements", 3, System.Text.Encoding.UTF8.GetBytes($$"""{"batchId":"{{id}}","batchType":"measurements","rows":[]}"""), false);
    }
}
