using System.Net;

namespace Portal.Web.Api;

/// <summary>A service of the stack did not answer, or answered with an outage. Pages keep what they have and try again.</summary>
public sealed class ApiUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The session has ended (401). Nothing may be shown as empty or missing: the person has to sign in again.</summary>
public sealed class SignedOutException() : Exception("The session has ended.");

/// <summary>The API refused what was asked, and says why.</summary>
/// <param name="status">400, 403, 404, 409, 413, …</param>
/// <param name="problem">What it said.</param>
public sealed class ApiRefusedException(HttpStatusCode status, Problem problem) : Exception($"Refused with {(int)status}: {problem.Kind}.")
{
    public HttpStatusCode Status => status;

    public Problem Problem => problem;
}
