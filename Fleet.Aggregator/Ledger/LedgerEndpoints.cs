using Fleet.Aggregator.Customers;
using Fleet.Aggregator.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Ledger;

/// <summary>The delivery ledger: for stacks, which compare and fetch back by their token, and for operators, who look at it.</summary>
internal static class LedgerEndpoints
{
    public static void MapLedger(this IEndpointRouteBuilder app)
    {
        var stacks = app.MapGroup("/api/fleet/ledger")
            .WithTags("Ledger")
            .RequireAuthorization(TokenRegistration.Stacks)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        stacks
            .MapPost("/", (HttpContext http, LedgerReceiver receiver) => receiver.ReceiveAsync(http))
            .WithName("CompareLedger")
            .WithSummary("Compares what a stack holds with what the fleet holds of it, by device and UTC day")
            .WithMetadata(new DisableRequestSizeLimitAttribute()) // BodyReader holds the limit
            .Accepts<LedgerRequest>("application/json")
            .Produces<LedgerAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
        stacks
            .MapGet("/rows", (HttpContext http, LedgerDayRows rows, string externalId, DateOnly day) => rows.AnswerAsync(http, externalId, day))
            .WithName("GetLedgerRows")
            .WithSummary("All that the fleet holds of a device and a UTC day")
            .Produces<LedgerRows>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/api/fleet/customers/{id:int}/ledger", CustomerAsync)
            .WithName("GetCustomerLedger")
            .WithTags("Ledger")
            .WithSummary("What of a customer's measurements is proven to be the same on both sides")
            .RequireAuthorization(Operators.Policy);
    }

    private static async Task<Results<Ok<CustomerLedger>, NotFound>> CustomerAsync(int id, LedgerQueries ledger, CancellationToken cancellationToken) =>
        await ledger.FindAsync(id, cancellationToken) is { } found ? TypedResults.Ok(found) : TypedResults.NotFound();
}
