using System.Globalization;

namespace Portal.Domain.Texts;

/// <summary>A count with what is counted, in messages of services and of the command line: <c>1 device</c>, <c>1,240 devices</c>. Pages have <c>CountedText</c>.</summary>
public static class Counted
{
    /// <param name="one">The thing: <c>device</c>.</param>
    /// <param name="many">Several of them, where that isn't the same with an s: <c>batches</c>.</param>
    public static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");
}
