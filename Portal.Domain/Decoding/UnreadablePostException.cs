namespace Portal.Domain.Decoding;

/// <summary>Why a post could not be read at all.</summary>
public enum UnreadableReason
{
    /// <summary>Broken JSON, or JSON in which there is nothing to read: 400.</summary>
    Malformed,

    /// <summary>Neither JSON nor a meter's log file: 415.</summary>
    UnknownForm,

    /// <summary>More than <see cref="DecodedPost.MaxRows"/> device-instants: 413.</summary>
    TooManyRows,
}

/// <summary>Nothing of a post could be read, and nothing of it was kept. The message tells its sender what is wrong.</summary>
public sealed class UnreadablePostException : Exception
{
    public UnreadablePostException(UnreadableReason reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    public UnreadablePostException()
        : this(UnreadableReason.Malformed, "The post can't be read.") { }

    public UnreadablePostException(string message)
        : this(UnreadableReason.Malformed, message) { }

    public UnreadablePostException(string message, Exception inner)
        : this(UnreadableReason.Malformed, message, inner) { }

    /// <summary>Which answer fits.</summary>
    public UnreadableReason Reason { get; }
}
