using System.Globalization;
using Portal.ServiceDefaults;

namespace Portal.Api.Startup;

/// <summary>Closed until the schema is there and seeded; a request before would meet missing tables.</summary>
internal sealed class SchemaGate
{
    private volatile bool open;

    public bool IsOpen => open;

    public void Open() => open = true;
}

/// <summary>Answers 503 while the gate is closed, except for health, which says so itself.</summary>
internal sealed class SchemaGateMiddleware(RequestDelegate next, SchemaGate gate, IProblemDetailsService problems)
{
    private const int RetryAfterSeconds = 5;

    public async Task InvokeAsync(HttpContext http)
    {
        if (gate.IsOpen || !http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            await next(http);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = http,
            ProblemDetails =
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Type = Problems.Type("unavailable"),
                Title = "The portal is starting.",
                Detail = "Its database is being brought up to date. Try again in a few seconds.",
            },
        });
    }
}
