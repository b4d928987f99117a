using Fleet.Aggregator.Tokens;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Push;

/// <summary><c>POST /api/fleet/ingest</c>: what stacks push.</summary>
internal static class PushEndpoint
{
    public static void MapPush(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/fleet/ingest", (HttpContext http, PushReceiver receiver) => receiver.ReceiveAsync(http))
            .WithName("Push")
            .WithTags("Push")
            .WithSummary("Takes a batch of sites, devices or measurements, or a heartbeat, of the stack that the token belongs to")
            .RequireAuthorization(TokenRegistration.Stacks)
            .WithMetadata(new DisableRequestSizeLimitAttribute()) // BodyReader holds the limit
            .Produces<PushAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    operation.RequestBody = new OpenApiRequestBody
                    {
                        Required = true,
                        Description = "May be compressed with gzip, br or zstd.",
                        Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() },
                    };
                    return Task.CompletedTask;
                }
            );
}
