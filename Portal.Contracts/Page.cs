namespace Portal.Contracts;

/// <summary>One page of a collection.</summary>
/// <param name="Items">Never null; empty where there is nothing.</param>
/// <param name="Next">Opaque cursor of the next page, to be sent as <c>?cursor=</c>; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
