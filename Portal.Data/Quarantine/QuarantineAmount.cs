namespace Portal.Data.Quarantine;

/// <summary>How much of the quarantine.</summary>
/// <param name="Rows">Measurements.</param>
/// <param name="Bytes">Payload in bytes.</param>
public readonly record struct QuarantineAmount(long Rows, long Bytes)
{
    public static QuarantineAmount operator +(QuarantineAmount left, QuarantineAmount right) => Add(left, right);

    public static QuarantineAmount Add(QuarantineAmount left, QuarantineAmount right) => new(left.Rows + right.Rows, left.Bytes + right.Bytes);
}
