namespace Portal.Contracts;

/// <summary>Forms that several fields share.</summary>
internal static class Fields
{
    /// <summary>No control characters: they break lines in logs and headers, and PostgreSQL can't store a NUL.</summary>
    public const string OneLine = @"[^\p{Cc}]*";

    public const string OneLineError = "Must not contain control characters or line breaks.";
}
