using System.Text;
using Portal.Gateway.Stacks;

namespace Portal.Gateway.Tests;

public sealed class StackFileTests
{
    [Fact]
    public void A_good_file_is_read_whole()
    {
        var stack = Parse("""
            {
              // comments and a trailing comma are fine, people write these files too
              "host": "ABC0001.Example.com",
              "services": { "api": ["http://10.0.0.1:5001/", "http://10.0.0.2:5001"], "grafana": ["https://grafana.internal"], }
            }
            """, out var faults);

        Assert.Empty(faults);
        Assert.Equal("abc0001", stack!.Name);
        Assert.Equal("abc0001.example.com", stack.Host);
        Assert.Equal(["http://10.0.0.1:5001", "http://10.0.0.2:5001"], stack.Services[Service.Api].AsEnumerable());
        Assert.Equal(["https://grafana.internal"], stack.Services[Service.Grafana].AsEnumerable());
    }

    [Fact]
    public void Limits_that_a_file_names_are_the_stacks_others_are_the_gateways()
    {
        var stack = Parse("""
            { "host": "a.b", "services": { "api": ["http://a"] },
              "paths": { "/api/ingest": { "bodyMiB": 128, "timeoutSeconds": 300 }, "/": { "bodyMiB": 1 } },
              "rates": { "signIn": { "perSecond": 0.5, "burst": 10 }, "ingest": { "burst": 5 } } }
            """, out var faults)!;

        Assert.Empty(faults);
        Assert.Equal(new PathLimits(128, TimeSpan.FromMinutes(5)), stack.Paths["/api/ingest"]);
        Assert.Equal(new PathLimits(1, null), stack.Paths["/"]);
        Assert.Equal(new Rate(0.5, 10), stack.Rate(RateKind.SignIn));
        Assert.Equal(new Rate(Rate.Usual[RateKind.Ingest].PerSecond, 5), stack.Rate(RateKind.Ingest));
        Assert.Equal(Rate.Usual[RateKind.Fleet], stack.Rate(RateKind.Fleet));
    }

    [Theory]
    [InlineData("", "$", "is no valid JSON (line 1)")]
    [InlineData("{\n\"host\": }", "$", "is no valid JSON (line 2)")]
    [InlineData("[]", "$", "must be an object")]
    [InlineData("null", "$", "must be an object")]
    [InlineData("""{"services":{"api":["http://a"]}}""", "host", "is missing")]
    [InlineData("""{"host":"a.b"}""", "services", "is missing")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a"]},"port":1}""", "port", "is no known field")]
    [InlineData("""{"host":"a.b","host":"c.d","services":{"api":["http://a"]}}""", "$", "is no valid JSON")]
    [InlineData("""{"host":5,"services":{"api":["http://a"]}}""", "host", "is 5; it must be a host name")]
    [InlineData("""{"host":"","services":{"api":["http://a"]}}""", "host", "must be a host name")]
    [InlineData("""{"host":"http://a.b","services":{"api":["http://a"]}}""", "host", "must be a host name")]
    [InlineData("""{"host":"a.b:8080","services":{"api":["http://a"]}}""", "host", "must be a host name")]
    [InlineData("""{"host":"*.b","services":{"api":["http://a"]}}""", "host", "must be a host name")]
    [InlineData("""{"host":"a.b.","services":{"api":["http://a"]}}""", "host", "must be a host name")]
    [InlineData("""{"host":"a b","services":{"api":["http://a"]}}""", "host", "must be a host name")]
    [InlineData("""{"host":"a.b","services":[]}""", "services", "must be an object")]
    [InlineData("""{"host":"a.b","services":{}}""", "services", "must name at least one service")]
    [InlineData("""{"host":"a.b","services":{"Api":["http://a"]}}""", "services.Api", "is no known service; known are aggregator, api, gateway, grafana, ingest, web")]
    [InlineData("""{"host":"a.b","services":{"api":"http://a"}}""", "services.api", "must be a list of 1 to 16 addresses")]
    [InlineData("""{"host":"a.b","services":{"api":[]}}""", "services.api", "must be a list of 1 to 16 addresses")]
    [InlineData("""{"host":"a.b","services":{"api":["a:1"]}}""", "services.api[0]", "must be an address")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a","ftp://a"]}}""", "services.api[1]", "must be an address")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a/base"]}}""", "services.api[0]", "without a path")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a?x=1"]}}""", "services.api[0]", "without a path")]
    [InlineData("""{"host":"a.b","services":{"api":["http://me:pass@a"]}}""", "services.api[0]", "must be an address")]
    [InlineData("""{"host":"a.b","services":{"api":[7]}}""", "services.api[0]", "is 7; it must be an address")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a","http://a/"]}}""", "services.api[1]", "the list has already")]
    [InlineData("""{"host":"a.b","services":{"gateway":["http://a"],"api":["http://b"]}}""", "services.gateway", "must be the only one")]
    [InlineData("""{"host":"a.b","services":{"grafana":["http://a"]}}""", "services.grafana", "needs services.api")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a"]},"paths":[]}""", "paths", "must be an object")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a"]},"paths":{"/apis":{}}}""", "paths./apis", "is no path that has limits of its own here; such are /, /account/link, /api,")]
    [InlineData("""{"host":"a.b","services":{"gateway":["http://a"]},"paths":{"/api":{}}}""", "paths./api", "such are /")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a"]},"paths":{"/api":{"body":1}}}""", "paths./api.body", "known are bodyMiB and timeoutSeconds")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a"]},"paths":{"/api":{"bodyMiB":0}}}""", "paths./api.bodyMiB", "is 0; it must be a whole number from 1 to 1024")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a"]},"paths":{"/api":{"bodyMiB":1.5}}}""", "paths./api.bodyMiB", "must be a whole number")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a"]},"paths":{"/api":{"timeoutSeconds":"100"}}}""", "paths./api.timeoutSeconds", "must be a whole number from 1 to 3600")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a"]},"rates":{"login":{}}}""", "rates.login", "known are fleet, ingest, signIn")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a"]},"rates":{"ingest":{"perSecond":0}}}""", "rates.ingest.perSecond", "is 0; it must be a number from 0.01 to 1000000")]
    [InlineData("""{"host":"a.b","services":{"api":["http://a"]},"rates":{"ingest":{"burst":1e99}}}""", "rates.ingest.burst", "must be a whole number")]
    [InlineData("""{"host":"a.b","services":{"gateway":["http://a"]},"rates":{"ingest":{"burst":5}}}""", "rates", "the stack's own gateway")]
    public void A_bad_file_is_refused_naming_the_field_and_what_would_be_right(string json, string field, string reason)
    {
        Assert.Null(Parse(json, out var faults));

        var fault = Assert.Single(faults, fault => fault.Field == field);
        Assert.Equal("abc0001.json", fault.File);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_of_a_file_is_told_at_once()
    {
        Parse("""{"host":"a:1","services":{"api":["x"],"db":["http://a"]},"extra":true}""", out var faults);

        Assert.Equal(["extra", "host", "services.api[0]", "services.db"], faults.Select(fault => fault.Field).Order(StringComparer.Ordinal));
    }

    private static Stack? Parse(string json, out List<StackFault> faults) =>
        StackFile.Parse("abc0001.json", Encoding.UTF8.GetBytes(json), faults = []);
}
