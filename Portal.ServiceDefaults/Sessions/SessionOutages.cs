using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Portal.ServiceDefaults.Sessions;

/// <summary>An API that is away signs nobody out: 503 with <c>Retry-After</c>.</summary>
internal sealed class SessionOutages(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // A browser gets the service's own error page.
        if (exception is not SessionCheckUnavailableException || httpContext.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        httpContext.Response.Headers.RetryAfter = "5";
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails =
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Title = "Sign-in can't be checked at the moment.",
                Detail = "The stack's API does not answer. Try again in a few seconds.",
            },
        });
    }
}
