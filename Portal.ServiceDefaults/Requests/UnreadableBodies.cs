using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Portal.ServiceDefaults.Requests;

/// <summary>A body that is missing, or JSON but not of the right form (a number where a text belongs): 400 that names the field, as for other bad values.</summary>
internal sealed partial class UnreadableBodies(IProblemDetailsService problems) : IExceptionHandler
{
    private const string NoObject = "The body must be a JSON object.";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad || Fault(bad) is not var (field, message)) return false;

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

    private static (string Field, string Message)? Fault(BadHttpRequestException bad) => bad.InnerException switch
    {
        // "$.name" is the field "name"; "$" is the body as a whole.
        JsonException { Path: { } path } json when path.StartsWith("$.", StringComparison.Ordinal) => (path[2..], Unreadable(json)),
        JsonException { Path: not null } json => ("", json.InnerException is null ? NoObject : Unreadable(json)),
        null when NoBody().IsMatch(bad.Message) => ("", NoObject),
        _ => null,
    };

    private static string Unreadable(JsonException json) => $"Can't be read as JSON of the expected form (line {json.LineNumber + 1}).";

    // The exception says so in words alone, in either of two ways: none was sent, or null.
    [GeneratedRegex("no body was provided|not provided from body", RegexOptions.CultureInvariant)]
    private static partial Regex NoBody();
}
