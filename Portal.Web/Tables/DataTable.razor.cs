using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Web.Navigation;

namespace Portal.Web.Tables;

/// <summary>
/// A table of items that are all here: sorted by a click on a column's head (kept in the address), a row opened by a click on it,
/// each row a card on a phone. A plain table, so that the prerendered page is the final one and screen readers know it.
/// </summary>
public sealed partial class DataTable<T> : ComponentBase, IDisposable
{
    private readonly List<TableColumn<T>> columns = [];
    private int shown;

    [Parameter, EditorRequired]
    public required IReadOnlyList<T> Items { get; set; }

    /// <summary>Tells rows apart.</summary>
    [Parameter, EditorRequired]
    public required Func<T, object> Key { get; set; }

    /// <summary>What the table holds, for screen readers.</summary>
    [Parameter, EditorRequired]
    public required string Caption { get; set; }

    /// <summary>One <see cref="TableColumn{T}"/> each.</summary>
    [Parameter, EditorRequired]
    public required RenderFragment Columns { get; set; }

    /// <summary>Path that a click on a row opens; its heading cell is a link to it, for the keyboard and for another tab.</summary>
    [Parameter]
    public Func<T, string>? Opens { get; set; }

    /// <summary>Rows shown at first, and added by each "more".</summary>
    [Parameter]
    public int PageSize { get; set; } = 100;

    /// <summary>Name of the sorting in the address; another one where a page has two tables.</summary>
    [Parameter]
    public string SortParameter { get; set; } = "sort";

    private string? Sort => QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query).TryGetValue(SortParameter, out var sort) ? sort.ToString() : null;

    private IEnumerable<T> Shown
    {
        get
        {
            var (column, falls) = Sorted();
            if (column?.SortBy is not { } by) return Items.Take(shown);
            var known = Items.OrderBy(item => by(item) is null);
            return (falls ? known.ThenByDescending(by) : known.ThenBy(by)).Take(shown);
        }
    }

    internal void Add(TableColumn<T> column) => columns.Add(column);

    protected override void OnInitialized()
    {
        shown = PageSize;
        Navigation.LocationChanged += ShowSorting;
    }

    public void Dispose() => Navigation.LocationChanged -= ShowSorting;

    // The page around it needn't render again when only its own sorting changed.
    private void ShowSorting(object? sender, LocationChangedEventArgs args) => InvokeAsync(StateHasChanged);

    private (TableColumn<T>? Column, bool Falls) Sorted()
    {
        var sort = Sort;
        var falls = sort is ['-', ..];
        var name = falls ? sort![1..] : sort;
        return (columns.Find(column => column.SortBy is not null && column.SortName == name), falls);
    }

    private void SortBy(TableColumn<T> column)
    {
        var (sorted, falls) = Sorted();
        Navigation.Adjust((SortParameter, sorted != column ? column.SortName : falls ? null : "-" + column.SortName));
    }

    private string? SortOf(TableColumn<T> column) =>
        column.SortBy is null ? null : Sorted() is var (sorted, falls) && sorted == column ? (falls ? "descending" : "ascending") : "none";

    private string Arrow(TableColumn<T> column) => SortOf(column) switch { "ascending" => " ▲", "descending" => " ▼", _ => "" };

    private void Open(T item)
    {
        if (Opens is not null) Navigation.NavigateTo(Opens(item));
    }
}
