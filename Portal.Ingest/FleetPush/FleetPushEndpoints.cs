using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Portal.Contracts;
using Portal.Contracts.Fleet;
using Portal.Contracts.Users;
using Portal.Data.FleetPush;
using Portal.ServiceDefaults;
using Portal.ServiceDefaults.Sessions;
using Portal.TimeSeries;

namespace Portal.Ingest.FleetPush;

/// <summary>How the push goes, for admins of this stack: the one thing in ingest that a session opens and no ingest key does.</summary>
internal static class FleetPushEndpoints
{
    public static void MapFleetPush(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/fleet-push/status", StatusAsync)
            .WithName("GetFleetPushStatus")
            .WithTags("Fleet push")
            .WithSummary("How the push to the fleet goes")
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(SessionAuthentication.SchemeName).RequireRole(Roles.Admin))
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<FleetPushStatus>, ProblemHttpResult>> StatusAsync(
        IOptions<FleetIngestOptions> options,
        PushReport report,
        FleetPusher pusher,
        CancellationToken cancellationToken
    )
    {
        if (!options.Value.Enabled)
        {
            return TypedResults.Ok(new FleetPushStatus(false, null, false, null, null, 0, false, null, null, 0, null));
        }

        PushState? state;
        try
        {
            state = await report.ReadAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return TypedResults.Problem(
                "How the push goes is kept there. Try again in a few seconds.",
                statusCode: StatusCodes.Status503ServiceUnavailable,
                title: "The database is not available at the moment.",
                type: Problems.Type(ProblemKinds.Unavailable)
            );
        }

        return TypedResults.Ok(
            new FleetPushStatus(
                true,
                options.Value.IngestUrl!.Host,
                pusher.Leads,
                state?.LastSuccessAt,
                state?.Waiting?.TotalSeconds,
                state?.Rows ?? 0,
                state?.Paused ?? false,
                state?.LastError,
                state?.LastErrorAt,
                state?.SetAside ?? 0,
                state?.Ledger is { } ledger ? new PushLedgerStatus(ledger.Proven, ledger.Open, ledger.Pending, ledger.At) : null,
                state?.RejectedRows ?? 0
            )
        );
    }
}
