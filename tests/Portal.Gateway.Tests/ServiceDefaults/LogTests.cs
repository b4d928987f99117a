using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.ServiceDefaults;

namespace Portal.Gateway.Tests.ServiceDefaults;

public sealed class LogTests
{
    [Theory]
    [InlineData("GET /api/ingest/acuvim?key=hush&x=1", "GET /api/ingest/acuvim?key=[redacted]&x=1")]
    [InlineData("?x=1&KEY=hush", "?x=1&KEY=[redacted]")]
    [InlineData("/signin-oidc?code=hush&state=s", "/signin-oidc?code=[redacted]&state=s")]
    [InlineData("?access_token=hush", "?access_token=[redacted]")]
    [InlineData("Bearer pft_0123456789abcdefghij failed", "Bearer pft_[redacted] failed")]
    [InlineData("key pik_0123456789abcdefghij.", "key pik_[redacted].")]
    // The prefix by which people tell keys apart is no secret.
    [InlineData("key pik_01234567", "key pik_01234567")]
    [InlineData("monkey=1, ?monkey=2", "monkey=1, ?monkey=2")]
    public void Secrets_are_recognised_and_nothing_else(string text, string redacted) => Assert.Equal(redacted, Secrets.Redact(text));

    [Fact]
    public async Task Levels_come_from_the_configuration_and_frameworks_are_quiet_without()
    {
        await using var service = await DefaultService.StartAsync(args: ["--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:Portal.Loud=Debug"]);
        var factory = service.App.Services.GetRequiredService<ILoggerFactory>();
        foreach (var category in new[] { "Portal.Loud", "Portal.Other", "Npgsql" })
        {
            factory.CreateLogger(category).LogDebug("debug of {Category}", category);
            factory.CreateLogger(category).LogInformation("information of {Category}", category);
            factory.CreateLogger(category).LogWarning("warning of {Category}", category);
        }

        Assert.Equal(
            ["debug of Portal.Loud", "information of Portal.Loud", "warning of Portal.Loud", "warning of Portal.Other", "warning of Npgsql"],
            service.Log.GetSnapshot().Select(line => line.Message).Where(message => message.Contains(" of ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_level_that_does_not_exist_is_named()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => DefaultService.StartAsync(args: ["--Logging:LogLevel:Npgsql=Loud"]));

        Assert.Contains("Logging:LogLevel:Npgsql is 'Loud', which is no log level", refused.Message, StringComparison.Ordinal);
    }
}
