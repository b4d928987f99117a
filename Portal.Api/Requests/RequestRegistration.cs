using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Portal.Api.Requests;

internal static class RequestRegistration
{
    // The largest body is a device of some hundred bytes.
    private const int MaxBodyBytes = 1 << 20;

    /// <summary>Bodies are validated by their contracts' attributes; errors name fields as they are on the wire.</summary>
    public static void AddRequestValidation(this IServiceCollection services)
    {
        services.AddValidation();
        services.AddExceptionHandler<UnreadableBodies>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = MaxBodyBytes);
        services.PostConfigure<ProblemDetailsOptions>(options =>
        {
            var before = options.CustomizeProblemDetails;
            options.CustomizeProblemDetails = context =>
            {
                before?.Invoke(context);
                if (context.ProblemDetails is HttpValidationProblemDetails invalid)
                    invalid.Errors = invalid.Errors.ToDictionary(error => OnTheWire(error.Key), error => error.Value);
            };
        });
    }

    // Attributes know the C# name of a property.
    private static string OnTheWire(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
