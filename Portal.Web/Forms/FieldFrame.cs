namespace Portal.Web.Forms;

/// <summary>What a control needs to belong to its label, help and errors.</summary>
/// <param name="DescribedBy">For <c>aria-describedby</c>.</param>
public readonly record struct FieldFrame(string Id, bool IsInvalid, string? DescribedBy)
{
    /// <summary>For <c>aria-invalid</c>.</summary>
    public string? Invalid => IsInvalid ? "true" : null;
}
