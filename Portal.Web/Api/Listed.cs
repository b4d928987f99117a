namespace Portal.Web.Api;

/// <summary>A collection, to its end or to as much of it as was asked for.</summary>
/// <param name="More">There are more than these.</param>
public sealed record Listed<T>(IReadOnlyList<T> Items, bool More);
