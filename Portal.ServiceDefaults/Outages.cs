using System.Data.Common;
using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.ServiceDefaults;

/// <summary>
/// A database that is away for a moment is an outage, neither a bug nor "not found": 503 with <c>Retry-After</c>.
/// Providers say so themselves (<see cref="DbException.IsTransient"/>); EF Core wraps their exception.
/// </summary>
internal sealed class Outages(IProblemDetailsService problems, ILogger<Outages> logger) : IExceptionHandler
{
    // A restarted database accepts connections after two to five seconds.
    private const int RetryAfterSeconds = 5;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!IsOutage(exception)) return false;

        logger.LogWarning("{Method} {Path} answered 503, the database is away: {Reason}",
            httpContext.Request.Method, httpContext.Request.Path.Value, exception.GetBaseException().Message);

        httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        httpContext.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails =
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Title = "The database is not available at the moment.",
                Detail = "Try again in a few seconds.",
            },
        });
        return true;
    }

    private static bool IsOutage(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is DbException { IsTransient: true }) return true;
        return false;
    }
}
