using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Portal.Contracts.Ingest;

namespace Portal.Ingest.Posts;

/// <summary>What the OpenAPI document says of a receiver. The body's type is not enforced: it is told by its content.</summary>
internal static class PostDescriptions
{
    public static RouteHandlerBuilder DescribesPosts(this RouteHandlerBuilder endpoint, params string[] forms) =>
        endpoint
            .Produces<IngestAnswer>()
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
                        Content = forms.ToDictionary(form => form, _ => new OpenApiMediaType()),
                    };
                    return Task.CompletedTask;
                }
            );
}
