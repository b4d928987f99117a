using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Portal.Domain.Keys;
using Portal.Ingest.FleetPush;

namespace Portal.Ingest.Tests.FleetPush;

public sealed class FleetIngestOptionsTests
{
    private static readonly string Token = FleetToken.Generate().Reveal();

    [Fact]
    public void Nothing_needs_to_be_set_for_a_stack_that_does_not_push()
    {
        Assert.Empty(Errors());
        Assert.Equal((false, 60, 5_000), (Read().Enabled, Read().IntervalSeconds, Read().BatchSize));
        Assert.Empty(Errors(("Enabled", "false"), ("Url", "left over"), ("Token", "<token>"))); // a template's
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once_by_its_variable()
    {
        var errors = Errors(("Enabled", "true"), ("IntervalSeconds", "often"), ("BatchSize", "50001"));

        Assert.Equal(
            ["FleetIngest__IntervalSeconds is 'often'", "FleetIngest__BatchSize is 50001", "FleetIngest__Url is not set", "Neither FleetIngest__Token nor FleetIngest__TokenFile is set"],
            errors.Select(error => error[..Math.Min(error.Length, error.IndexOfAny([';', ','], 0))])
        );
    }

    [Theory]
    [InlineData("IntervalSeconds", "0")]
    [InlineData("IntervalSeconds", "3601")]
    [InlineData("IntervalSeconds", "1.5")]
    [InlineData("BatchSize", "0")]
    [InlineData("BatchSize", "many")]
    [InlineData("Enabled", "yes")]
    public void A_value_out_of_range_is_refused(string name, string value) =>
        Assert.StartsWith($"FleetIngest__{name} is ", Assert.Single(Errors((name, value))), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://admin.portal.example.com", "https://admin.portal.example.com/api/fleet/ingest")]
    [InlineData("https://admin.portal.example.com/", "https://admin.portal.example.com/api/fleet/ingest")]
    [InlineData("https://admin.portal.example.com/api/fleet/ingest", "https://admin.portal.example.com/api/fleet/ingest")]
    [InlineData("https://example.com/below/api/fleet/ingest", "https://example.com/below/api/fleet/ingest")]
    [InlineData("http://admin.localhost:8080", "http://admin.localhost:8080/api/fleet/ingest")]
    [InlineData("http://127.0.0.1:1234", "http://127.0.0.1:1234/api/fleet/ingest")]
    [InlineData("http://[::1]:1234", "http://[::1]:1234/api/fleet/ingest")]
    [InlineData("http://10.1.2.3", "http://10.1.2.3/api/fleet/ingest")]
    [InlineData("http://gateway:8080", "http://gateway:8080/api/fleet/ingest")]
    [InlineData("http://gateway.admin.svc.cluster.local", "http://gateway.admin.svc.cluster.local/api/fleet/ingest")]
    public void The_address_may_be_the_stacks_or_the_whole_one(string url, string expected)
    {
        Assert.Empty(Errors(("Enabled", "true"), ("Url", url), ("Token", Token)));
        Assert.Equal(expected, Read(("Url", url)).IngestUrl?.AbsoluteUri);
    }

    [Theory]
    [InlineData("admin.portal.example.com")]
    [InlineData("ftp://admin.portal.example.com")]
    [InlineData("https://admin.portal.example.com/api")]
    [InlineData("https://admin.portal.example.com/?a=b")]
    [InlineData("https://somebody:secret@admin.portal.example.com")]
    [InlineData("http://admin.portal.example.com")] // plain, and public
    [InlineData("http://8.8.8.8")]
    [InlineData("http://[2001:4860:4860::8888]")]
    public void An_address_that_is_none_or_would_show_the_token_is_refused(string url)
    {
        var error = Assert.Single(Errors(("Enabled", "true"), ("Url", url), ("Token", Token)));

        Assert.StartsWith("FleetIngest__Url ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_checked_by_its_form_and_never_quoted()
    {
        var almost = Token[..^1] + (Token[^1] == 'x' ? 'y' : 'x');
        var error = Assert.Single(Errors(("Enabled", "true"), ("Url", "https://a.example.com"), ("Token", almost)));
        Assert.StartsWith("FleetIngest__Token is not a fleet token", error, StringComparison.Ordinal);
        Assert.DoesNotContain(almost, error, StringComparison.Ordinal);

        Assert.DoesNotContain(Token, Assert.Single(Errors(("Enabled", "true"), ("Url", Token), ("Token", Token))), StringComparison.Ordinal);
        Assert.Empty(Errors(("Enabled", "true"), ("Url", "https://a.example.com"), ("TokenFile", "/not/there"), ("Token", " ")));
        Assert.Empty(Errors(("Enabled", "true"), ("Url", "https://a.example.com"), ("TokenFile", "/not/there"), ("Token", Token)));
    }

    [Fact]
    public void The_backoff_doubles_from_one_second_to_sixty_with_jitter()
    {
        double[] expected = [1, 2, 4, 8, 16, 32, 60, 60, 60];
        for (var failures = 1; failures <= expected.Length; failures++)
        {
            Assert.InRange(PushBackoff.After(failures).TotalSeconds, 0.8 * expected[failures - 1], 1.2 * expected[failures - 1]);
        }

        Assert.InRange(PushBackoff.After(int.MaxValue).TotalSeconds, 48, 72);
    }

    private static IEnumerable<string> Errors(params (string Name, string Value)[] settings) =>
        new FleetIngestOptionsValidator().Validate(null, Read(settings)).Failures ?? [];

    private static FleetIngestOptions Read(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"FleetIngest:{setting.Name}", (string?)setting.Value)))
            .Build();
        var options = new FleetIngestOptions();
        new FleetIngestOptionsReader(configuration).Configure(options);
        return options;
    }
}
