namespace Portal.TimeSeries;

/// <summary>
/// The database can't be reached, or ended the connection, in the middle or before. What was under way is stored either as a whole or not at all, and
/// repeating it is harmless: answer 503 and let the sender try again.
/// </summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(string message, Exception inner)
        : base(message, inner) { }

    public StoreUnavailableException()
        : this("The database is not available at the moment.") { }

    public StoreUnavailableException(string message)
        : base(message) { }
}
