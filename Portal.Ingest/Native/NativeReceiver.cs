using Portal.Domain.Decoding;
using Portal.Ingest.Posts;

namespace Portal.Ingest.Native;

/// <summary><c>POST /api/ingest/measurements</c>: the native form, for loggers and programs that can choose.</summary>
internal static class NativeReceiver
{
    public static void MapNativeReceiver(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/ingest/measurements", Receive)
            .WithName("PostMeasurements")
            .WithTags("Ingest")
            .WithSummary("Takes measurements in the native form")
            .DescribesPosts("application/json");

    private static Task<IResult> Receive(HttpContext http, PostReceiver receiver) => receiver.ReceiveAsync(http, NativeDecoder.Decode);
}
