namespace Portal.Contracts.Ingest;

/// <summary>
/// Answer to a post of measurements, also where every row was rejected. The three counts add up to the device-instants of the post;
/// two parts of one post for the same device and instant are one.
/// </summary>
/// <param name="Accepted">Stored: inserted, or filled at least one empty column.</param>
/// <param name="Duplicate">Changed nothing: all its values were there already, the same ones or others.</param>
/// <param name="Rejected">Not stored as measurements. Rows of unknown devices wait in quarantine until the device is claimed.</param>
/// <param name="Rejections">The first <see cref="MaxRejections"/> rejected rows, by index.</param>
public sealed record IngestAnswer(int Accepted, int Duplicate, int Rejected, IReadOnlyList<Rejection> Rejections)
{
    /// <summary>Most rejections that are listed; the counts are complete.</summary>
    public const int MaxRejections = 100;
}

/// <summary>Why one row was not stored.</summary>
/// <param name="Index">Position of the device-instant in the post, from 0.</param>
/// <param name="ExternalId">The device's serial as posted; empty where the post has none.</param>
/// <param name="Reason">One of <see cref="RejectionReasons"/>.</param>
public sealed record Rejection(int Index, string ExternalId, string Reason);

/// <summary>Reasons of a rejection. Published ones are never renamed.</summary>
public static class RejectionReasons
{
    /// <summary>No device has this serial. The row is kept in quarantine, unless it has no usable serial at all.</summary>
    public const string UnknownDevice = "unknown-device";

    /// <summary>No readable time, or one before 2000-01-02.</summary>
    public const string InvalidTime = "invalid-time";

    /// <summary>More than five minutes ahead of the server's clock.</summary>
    public const string FutureTime = "future-time";

    /// <summary>Older than what the fleet keeps (<c>Measurements__KeepDays</c>). Of pushed rows only.</summary>
    public const string Expired = "expired";

    /// <summary>Not one known quantity has a value.</summary>
    public const string NoValues = "no-values";

    /// <summary>A value is neither a number nor a word for "absent".</summary>
    public const string InvalidValue = "invalid-value";

    /// <summary>A value is outside its quantity's range.</summary>
    public const string OutOfRange = "out-of-range";

    /// <summary>A pushed site or device is not an object, or one of its fields is of another kind than it must be.</summary>
    public const string InvalidRow = "invalid-row";

    /// <summary>The key of a pushed site or device is missing, too long or has control characters.</summary>
    public const string InvalidExternalId = "invalid-external-id";

    /// <summary>The name of a pushed site or device is missing, too long or has control characters.</summary>
    public const string InvalidName = "invalid-name";

    /// <summary>The zone of a pushed site is no IANA time zone, or none that the fleet's machine knows.</summary>
    public const string UnknownZone = "unknown-zone";

    /// <summary>The fleet has no site with the key that a pushed device names; sites are pushed first.</summary>
    public const string UnknownSite = "unknown-site";

    /// <summary>The model of a pushed device is too long or has control characters.</summary>
    public const string InvalidModel = "invalid-model";

    /// <summary>The role of a pushed device is none.</summary>
    public const string InvalidRole = "invalid-role";
}
