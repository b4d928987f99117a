using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Contracts.Users;

namespace Portal.Web.Navigation;

/// <summary>An entry as a person sees it.</summary>
/// <param name="Path">Such as <c>/devices</c>.</param>
public sealed record NavigationEntry(string Path, string Title, string Icon, NavigationGroup Group);

/// <summary>What a person can go to: the pages that name themselves in the navigation, of this run mode and of their roles.</summary>
public sealed class NavigationMenu(IOptions<ApplicationOptions> application, IStringLocalizerFactory texts)
{
    private static readonly (Type Page, NavigationEntryAttribute Entry, string Path)[] Pages =
    [
        .. typeof(NavigationMenu).Assembly.GetTypes()
            .Select(page => (Page: page, Entry: page.GetCustomAttribute<NavigationEntryAttribute>()!))
            .Where(found => found.Entry is not null)
            .OrderBy(found => found.Entry.Group).ThenBy(found => found.Entry.Order)
            .Select(found => (found.Page, found.Entry, found.Page.GetCustomAttributes<RouteAttribute>().First().Template)),
    ];

    public IReadOnlyList<NavigationEntry> For(ClaimsPrincipal person) =>
    [
        // Whoever has to set up two-factor first has one page to go to, and is there.
        .. Pages.Where(found => !person.IsInRole(Roles.AdminWithoutTwoFactor) && Has(found.Page) && MayOpen(found.Page, person))
            .Select(found => new NavigationEntry(found.Path, texts.Create(found.Entry.Texts)[Title(found.Entry)], found.Entry.Icon, found.Entry.Group)),
    ];

    /// <summary>Whether a page belongs to this run mode.</summary>
    public bool Has(Type page) => page.GetCustomAttribute<OnlyInAttribute>() is not { } only || only.Mode == application.Value.RunMode;

    private string Title(NavigationEntryAttribute entry) =>
        application.Value.RunMode == RunMode.Admin && entry.TitleOfOperators is { } title ? title : entry.Title;

    private static bool MayOpen(Type page, ClaimsPrincipal person) => page.GetCustomAttributes<AuthorizeAttribute>()
        .All(rule => rule.Roles is null || rule.Roles.Split(',', StringSplitOptions.TrimEntries).Any(person.IsInRole));
}
