namespace Portal.AppHost;

/// <summary>What was asked for can't be done; the message is for the person at the terminal and says what to do instead.</summary>
public sealed class UsageException(string message) : Exception(message);
