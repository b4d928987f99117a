namespace Portal.Web.Api;

/// <summary>A service of the stack did not answer, or answered with an outage. Pages show their failed state.</summary>
public sealed class ApiUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
