using Portal.Domain.Measurements;

namespace Portal.Domain.Decoding;

/// <summary>What was read from one post: its rows, refused ones included, and the parameters nobody knows.</summary>
/// <param name="Batch">One row per device-instant of the post.</param>
/// <param name="UnknownParameters">At most <see cref="MaxUnknownParameters"/> entries and one for the rest.</param>
public sealed record DecodedPost(MeasurementBatch Batch, IReadOnlyList<UnknownParameter> UnknownParameters)
{
    /// <summary>
    /// Most device-instants in one post: three months at one a minute. A row takes about 600 bytes, so one post takes at most some
    /// 90 MB while the smallest row on the wire has two bytes.
    /// </summary>
    public const int MaxRows = 150_000;

    /// <summary>Most pairs of device and unknown parameter told apart in one post; what is beyond counts as <see cref="UnknownParameter.Rest"/>.</summary>
    public const int MaxUnknownParameters = 256;

    /// <summary>A post without unknown parameters.</summary>
    public DecodedPost(MeasurementBatch batch)
        : this(batch, []) { }
}

/// <summary>A parameter of a device that has no column here. It is counted and shown, never an error.</summary>
/// <param name="ExternalId">The device's serial as posted; empty where it had none.</param>
/// <param name="Name">The name as posted, at most 64 characters, control characters replaced.</param>
/// <param name="Count">How many values it had in the post.</param>
public sealed record UnknownParameter(string ExternalId, string Name, long Count)
{
    /// <summary>The name under which everything beyond <see cref="DecodedPost.MaxUnknownParameters"/> is counted.</summary>
    public const string Rest = "(more)";
}
