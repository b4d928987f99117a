using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Portal.ServiceDefaults.Requests;

/// <summary>A body that is JSON but not of the right form (a number where a text belongs): 400 that names the field, as for other bad values.</summary>
internal sealed class UnreadableBodies(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest, InnerException: JsonException { Path: { } path } json })
            return false;

        // "$.name" is the field "name"; "$" is the body as a whole.
        var field = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "";
        var message = json.InnerException is null && field.Length == 0
            ? "The body must be a JSON object."
            : $"Can't be read as JSON of the expected form (line {json.LineNumber + 1}).";
        httpContext.Response.StatusCode = StatusCodes.Status400BadRequest;
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = new HttpValidationProblemDetails(new Dictionary<string, string[]> { [field] = [message] })
            {
                Status = StatusCodes.Status400BadRequest,
            },
        });
    }
}
