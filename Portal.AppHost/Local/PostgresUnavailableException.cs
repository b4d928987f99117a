namespace Portal.AppHost.Local;

/// <summary>The private database server can't be had; the message is for the person at the terminal and says what to do.</summary>
public sealed class PostgresUnavailableException(string message) : Exception(message);
