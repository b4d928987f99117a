using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.ServiceDefaults;

/// <summary>
/// Errors are RFC 9457 problem details with a stable <c>type</c>: <see cref="TypeBase"/> and a kind in lower case with
/// hyphens. The URIs are names to compare with, not addresses to open; a kind that was published is never renamed.
/// </summary>
public static class Problems
{
    /// <summary>What every problem type begins with.</summary>
    public const string TypeBase = "https://tau-acuvim.portal/problems/";

    /// <summary>The type URI of a kind: <c>Problems.Type("unknown-device")</c>.</summary>
    public static string Type(string kind) => TypeBase + kind;

    /// <summary>The kind of a problem that says no more than its status code.</summary>
    public static string KindOf(int status) => status switch
    {
        400 => "bad-request",
        401 => "unauthenticated",
        403 => "forbidden",
        404 => "not-found",
        405 => "method-not-allowed",
        406 => "not-acceptable",
        408 => "request-timeout",
        409 => "conflict",
        411 => "length-required",
        412 => "precondition-failed",
        413 => "too-large",
        414 => "uri-too-long",
        415 => "unsupported-media-type",
        422 => "unprocessable",
        429 => "too-many-requests",
        431 => "headers-too-large",
        502 => "bad-gateway",
        503 => "unavailable",
        504 => "gateway-timeout",
        < 500 => "bad-request",
        _ => "internal-error",
    };

    /// <summary>
    /// Answers unhandled exceptions and bare status codes with problem details. First in the pipeline of a service that
    /// speaks JSON; pages have error pages of their own.
    /// </summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) =>
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // A body that breaks off, is too large or is no JSON is the caller's mistake, no failure of ours.
            StatusCodeSelector = exception => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = context =>
                context.Exception is BadHttpRequestException || context.ExceptionHandledBy == ExceptionHandledType.ExceptionHandlerService,
        }).UseStatusCodePages();

    internal static void AddProblems(this IServiceCollection services)
    {
        services.AddExceptionHandler<Outages>();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            // ASP.NET Core fills in a section of RFC 9110 where an endpoint named no type.
            if (problem.Type is null || problem.Type.StartsWith("https://tools.ietf.org/", StringComparison.Ordinal))
            {
                problem.Type = Type(problem is HttpValidationProblemDetails or ValidationProblemDetails
                    ? "invalid-request"
                    : KindOf(problem.Status ?? context.HttpContext.Response.StatusCode));
            }
        });
    }
}
