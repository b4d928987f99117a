using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.ServiceDefaults.Requests;

/// <summary>JSON bodies that people's programs and our own pages send, as against posts of meters and stacks.</summary>
public static class RequestBodies
{
    // The largest body is a device of some hundred bytes.
    private const int MaxBodyBytes = 1 << 20;

    /// <summary>
    /// A body that can't be read, or has a wrong value, is answered 400 with the field's name as it is on the wire. Call <c>AddValidation()</c>
    /// beside it, in the service itself: what it finds is the contracts of the project that calls it.
    /// </summary>
    public static void AddRequestBodies(this IServiceCollection services)
    {
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
                    invalid.Errors =
                        invalid.Errors.ToDictionary(error => OnTheWire(error.Key), error => error.Value.Select(FieldRules.Say).ToArray());
            };
        });
    }

    // Attributes know the C# name of a property.
    private static string OnTheWire(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
