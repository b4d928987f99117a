using Microsoft.AspNetCore.Diagnostics;
using Portal.Data;
using Portal.TimeSeries;

namespace Portal.Ingest.Posts;

/// <summary>Where the database is away before a post is even read, as for its key, it is answered as any other post then.</summary>
internal sealed class StoreOutages(ILogger<StoreOutages> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not StoreUnavailableException)
        {
            return false;
        }

        logger.LogWarning("A post was answered 503, the database is away: {Reason}", exception.GetBaseException().Message);
        await Refusal.DatabaseAway.ToResult(httpContext).ExecuteAsync(httpContext);
        return true;
    }
}
