using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Contracts;
using Portal.ServiceDefaults;

namespace Portal.Api.Requests;

/// <summary>Answers that say what is wrong and what to do about it.</summary>
internal static class Refusals
{
    /// <summary>400: a field, by its name on the wire, is not as it must be.</summary>
    public static ValidationProblem Invalid(string field, string message) => Invalid(new Dictionary<string, string[]> { [field] = [message] });

    public static ValidationProblem Invalid(IDictionary<string, string[]> errors) => TypedResults.ValidationProblem(errors);

    /// <summary>409 of a kind of <see cref="ProblemKinds"/>.</summary>
    public static ProblemHttpResult Conflict(string kind, string title, string detail) =>
        TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, type: Problems.Type(kind), title: title, detail: detail);

    /// <summary>409: something else has this value already.</summary>
    public static ProblemHttpResult Taken(string field, string message) => TypedResults.Problem(
        statusCode: StatusCodes.Status409Conflict,
        type: Problems.Type(ProblemKinds.Taken),
        title: "This is taken already.",
        detail: message,
        extensions: new Dictionary<string, object?> { ["errors"] = new Dictionary<string, string[]> { [field] = [message] } });
}
