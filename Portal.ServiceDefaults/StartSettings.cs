using System.Collections.ObjectModel;
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
    /// <see cref="InvalidOperationException"/> of the configuration's binder: one can't be read at all. The log has
    /// one line with all of it; a program that doesn't catch it ends with exit code 1 and says no more. Anything else that is thrown is the
    /// service's own fault, and passes as it is.</exception>
    public static void CheckSettings(this WebApplication app)
    {
        try
        {
            app.Services.GetService<IStartupValidator>()?.Validate();
        }
        catch (Exception exception) when (Faults(exception).All(IsOfSettings))
        {
            var faults = Faults(exception).SelectMany(section => section is OptionsValidationException options ? options.Failures : [section.Message]).Distinct();
            app.Logger.LogCritical("Not started, its settings are wrong: {Faults}", string.Join(" ", faults));
            // The line has it all, and a stack trace after it would bury it.
            AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
            {
                if (ReferenceEquals(unhandled.ExceptionObject, exception)) Environment.Exit(1);
            };
            throw;
        }
    }

    private static ReadOnlyCollection<Exception> Faults(Exception exception) => new AggregateException(exception).Flatten().InnerExceptions;

    // The binder's is one that is no number, no duration or none of the words that are known.
    private static bool IsOfSettings(Exception exception) =>
        exception is OptionsValidationException || (exception is InvalidOperationException && exception.Source == typeof(ConfigurationBinder).Assembly.GetName().Name);

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
