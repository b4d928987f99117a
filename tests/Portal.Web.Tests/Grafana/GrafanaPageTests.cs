using System.Net;
using Bunit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Web.Grafana;

namespace Portal.Web.Tests.Grafana;

public sealed class GrafanaPageTests() : PageContext(Add)
{
    private FakeGrafana Grafana => Services.GetRequiredService<FakeGrafana>();

    [Fact]
    public void Where_there_is_no_Grafana_the_page_says_so_and_frames_nothing()
    {
        var page = Open(RunMode.Client);

        Assert.Contains("No Grafana runs beside this portal", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("iframe"));
        Assert.Empty(page.FindAll("a[target=_blank]"));
    }

    [Fact]
    public void One_that_does_not_answer_is_said_to_be_away_until_it_does()
    {
        Grafana.Answer = _ => throw new HttpRequestException("refused");
        var page = Open(RunMode.Client, "http://grafana.test");
        page.WaitForAssertion(() => Assert.Contains("doesn't answer at the moment", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("iframe"));

        Grafana.Answer = _ => new HttpResponseMessage(HttpStatusCode.OK);
        Clock.Advance(TimeSpan.FromSeconds(16));
        page.WaitForAssertion(() => Assert.Single(page.FindAll("iframe")));
    }

    [Theory]
    [InlineData(RunMode.Client, "", "/grafana/d/overview?kiosk")]
    [InlineData(RunMode.Client, "?tab=energy", "/grafana/d/energy?kiosk")]
    [InlineData(RunMode.Client, "?tab=//elsewhere.example", "/grafana/d/overview?kiosk")]
    [InlineData(RunMode.Admin, "", "/grafana/d/fleet-overview?kiosk")]
    [InlineData(RunMode.Admin, "?tab=customer-drilldown", "/grafana/d/customer-drilldown?kiosk")]
    public void The_dashboard_that_the_address_names_is_framed(RunMode mode, string query, string source)
    {
        var asked = "";
        Grafana.Answer = request =>
        {
            asked = request.RequestUri!.PathAndQuery;
            return new HttpResponseMessage(HttpStatusCode.OK);
        };

        var page = Open(mode, "http://grafana.test", query);

        page.WaitForAssertion(() => Assert.Equal(source, page.Find("iframe").GetAttribute("src")));
        Assert.Equal("/grafana/api/health", asked);
        Assert.Equal(source[..^"?kiosk".Length], page.Find("a[target=_blank]").GetAttribute("href"));
        Assert.False(string.IsNullOrEmpty(page.Find("iframe").GetAttribute("title")));
    }

    [Theory]
    [InlineData("//elsewhere.example")]
    [InlineData("https://elsewhere.example")]
    [InlineData("/grafana/")]
    [InlineData("grafana")]
    [InlineData("")]
    public void What_is_no_path_of_this_host_is_refused_at_the_start(string prefix)
    {
        var found = new GrafanaOptionsValidator().Validate(null, new GrafanaOptions { EmbedPathPrefix = prefix });
        Assert.True(found.Failed);
        Assert.Contains("Grafana__EmbedPathPrefix", found.FailureMessage, StringComparison.Ordinal);
    }

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<IConfiguration>(new ConfigurationManager());
        services.AddSingleton(Options.Create(new GrafanaOptions()));
        services.AddSingleton(Options.Create(new ApplicationOptions()));
        services.AddSingleton<FakeGrafana>();
        services.AddSingleton(provider => new GrafanaProbe(
            new HttpClient(provider.GetRequiredService<FakeGrafana>(), disposeHandler: false) { BaseAddress = new Uri("http://grafana") },
            provider.GetRequiredService<IConfiguration>(),
            provider.GetRequiredService<IOptions<GrafanaOptions>>()));
    }

    private IRenderedComponent<GrafanaPage> Open(RunMode mode, string? grafana = null, string query = "")
    {
        Services.GetRequiredService<IConfiguration>()["services:grafana:http:0"] = grafana;
        Services.GetRequiredService<IOptions<ApplicationOptions>>().Value.RunMode = mode;
        Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().NavigateTo($"/dashboards{query}");
        return Render<GrafanaPage>();
    }

    private sealed class FakeGrafana : HttpMessageHandler
    {
        public Func<HttpRequestMessage, HttpResponseMessage> Answer { get; set; } = _ => new HttpResponseMessage(HttpStatusCode.OK);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return Task.FromResult(Answer(request));
            }
            catch (HttpRequestException e)
            {
                return Task.FromException<HttpResponseMessage>(e);
            }
        }
    }
}
