namespace Portal.Web.Navigation;

/// <summary>A tab of a page.</summary>
/// <param name="Name">In the address, such as <c>devices</c>.</param>
/// <param name="Count">How much there is in it, written by <see cref="Figures.Numbers"/>; null: not said.</param>
public sealed record PageTab(string Name, string Title, string? Count = null);
