using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.ServiceDefaults;

namespace Portal.Gateway.Tests.ServiceDefaults;

/// <summary>What is wrong with settings is told in one line; a fault of the service's own isn't called a setting's.</summary>
public sealed class StartSettingsTests
{
    [Fact]
    public async Task A_setting_that_is_no_number_is_told_in_one_line()
    {
        var log = new Lines();
        await using var app = App(log, builder =>
        {
            builder.Configuration["Meter:Size"] = "many";
            builder.Services.AddOptions<MeterOptions>().BindConfiguration("Meter").ValidateOnStart();
        });

        Assert.Throws<InvalidOperationException>(app.CheckSettings);

        Assert.Contains("Meter:Size", Assert.Single(log.Said, line => line.StartsWith("Not started", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_breaks_is_the_services_own_fault()
    {
        var log = new Lines();
        await using var app = App(log, builder => builder.Services.AddOptions<MeterOptions>().Validate(_ => throw new InvalidOperationException("Sequence contains no elements")).ValidateOnStart());

        Assert.Throws<InvalidOperationException>(app.CheckSettings);

        Assert.DoesNotContain(log.Said, line => line.StartsWith("Not started", StringComparison.Ordinal));
    }

    private static WebApplication App(Lines log, Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        configure(builder);
        return builder.Build();
    }

    private sealed class MeterOptions
    {
        public int Size { get; set; }
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public List<string> Said { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Said.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
