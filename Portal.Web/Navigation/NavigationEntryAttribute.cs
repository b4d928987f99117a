namespace Portal.Web.Navigation;

/// <summary>Where an entry stands.</summary>
public enum NavigationGroup
{
    Main,
    Settings,
}

/// <summary>Puts a page into the navigation. Path, run mode and role are taken from the page itself.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class NavigationEntryAttribute(string title) : Attribute
{
    /// <summary>Name of the title in the resources.</summary>
    public string Title => title;

    /// <summary>Another title in the operators' stack, for a page that both run modes have.</summary>
    public string? TitleOfOperators { get; init; }

    /// <summary>Where the title is looked up.</summary>
    public abstract Type Texts { get; }

    /// <summary>One of <c>MudBlazor.Icons.Material.Outlined</c>.</summary>
    public required string Icon { get; init; }

    /// <summary>Smaller ones come first; leave gaps of ten.</summary>
    public required int Order { get; init; }

    public NavigationGroup Group { get; init; } = NavigationGroup.Main;
}

/// <inheritdoc />
/// <typeparam name="TTexts">The page's resources.</typeparam>
public sealed class NavigationEntryAttribute<TTexts>(string title) : NavigationEntryAttribute(title)
{
    public override Type Texts => typeof(TTexts);
}
