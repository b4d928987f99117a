using Microsoft.AspNetCore.Components;

namespace Portal.Web.Navigation;

/// <summary>
/// Page state in the address: what a page shows can be bookmarked, sent to somebody, and gone back to. Pages read it by
/// <c>[SupplyParameterFromQuery]</c>; a value that equals the page's default is left out by giving null.
/// </summary>
public static class QueryState
{
    /// <summary>A step to go back from: another tab, another range.</summary>
    public static void GoTo(this NavigationManager navigation, params (string Name, object? Value)[] state) => Go(navigation, replace: false, state);

    /// <summary>The same step seen differently: a filter as it is typed, a sorting.</summary>
    public static void Adjust(this NavigationManager navigation, params (string Name, object? Value)[] state) => Go(navigation, replace: true, state);

    private static void Go(NavigationManager navigation, bool replace, (string Name, object? Value)[] state)
    {
        var address = navigation.GetUriWithQueryParameters(state.ToDictionary(part => part.Name, part => part.Value is "" ? null : part.Value));
        if (address != navigation.Uri) navigation.NavigateTo(address, new NavigationOptions { ReplaceHistoryEntry = replace });
    }
}
