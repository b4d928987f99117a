using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.ServiceDefaults;

/// <summary>Settings are looked at as a whole before a service starts, so that one start shows whoever deploys it everything that is wrong.</summary>
public static class StartSettings
{
    /// <summary>
    /// First line after <c>Build</c>: later ones, and the services that the host makes before it validates, ask for single settings and would stop
    /// at the first that is wrong.
    /// </summary>
    /// <exception cref="OptionsValidationException">Something is wrong, of one section; <see cref="AggregateException"/> of several;
    /// <see cref="InvalidOperationException"/>: one can't be read at all. The log has
    /// one line with all of it; a program that doesn't catch it ends with exit code 1 and says no more.</exception>
    public static void CheckSettings(this WebApplication app)
    {
        try
        {
            app.Services.GetService<IStartupValidator>()?.Validate();
        }
        // The last is one that is no number, no duration or none of the words that are known.
        catch (Exception exception) when (exception is OptionsValidationException or AggregateException or InvalidOperationException)
        {
            var sections = exception is AggregateException several ? several.Flatten().InnerExceptions : (IEnumerable<Exception>)[exception];
            var faults = sections.SelectMany(section => section is OptionsValidationException options ? options.Failures : [section.Message]).Distinct();
            app.Logger.LogCritical("Not started, its settings are wrong: {Faults}", string.Join(" ", faults));
            // The line has it all, and a stack trace after it would bury it.
            AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
            {
                if (ReferenceEquals(unhandled.ExceptionObject, exception)) Environment.Exit(1);
            };
            throw;
        }
    }

    /// <summary>The service is of no use without another one of its stack, whose address it must be told.</summary>
    /// <param name="service">Its name in service discovery, such as <c>api</c>.</param>
    public static void RequireAddressOf(this IHostApplicationBuilder builder, string service)
    {
        var configuration = builder.Configuration;
        builder.Services.AddStartRule(
            service,
            () => configuration[$"services:{service}:http:0"] is { Length: > 0 } || configuration[$"services:{service}:https:0"] is { Length: > 0 },
            $"services__{service}__http__0 is not set. Set it to the address of the stack's {service}, such as http://10.0.0.5:8080.");
    }

    /// <summary>Something that must hold of settings which are no section's.</summary>
    /// <param name="name">Of the rule: each has its own.</param>
    /// <param name="fault">What is wrong where it doesn't hold, and what to set.</param>
    internal static void AddStartRule(this IServiceCollection services, string name, Func<bool> holds, string fault) =>
        services.AddOptions<StartRule>(name).Validate(_ => holds(), fault).ValidateOnStart();

    private sealed class StartRule;
}
