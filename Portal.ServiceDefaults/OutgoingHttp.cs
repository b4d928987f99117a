using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace Portal.ServiceDefaults;

/// <summary>Every <see cref="HttpClient"/> of the factory finds services by name (<c>http://api</c>) and survives short outages.</summary>
internal static class OutgoingHttp
{
    public static void AddOutgoingHttp(this IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler(options =>
            {
                // A POST whose answer got lost may have been done: only its owner knows whether a repetition is harmless.
                options.Retry.DisableForUnsafeHttpMethods();
                // Services of one stack are near: 0.2 + 0.4 + 0.8 s (with jitter) outlast a restart that a person
                // at the screen accepts; the default of 2 s doubling would let a page hang.
                options.Retry.Delay = TimeSpan.FromMilliseconds(200);
                options.Retry.MaxRetryAttempts = 3;
            });
            http.AddServiceDiscovery();
        });
    }
}
