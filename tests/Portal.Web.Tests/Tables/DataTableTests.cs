using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Tables;

namespace Portal.Web.Tests.Tables;

public sealed class DataTableTests : PageContext
{
    private static readonly Row[] Rows = [new("b", 2), new("a", null), new("c", 1)];

    private string? edited;

    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    [Fact]
    public void It_is_sorted_by_a_click_kept_in_the_address_and_unknown_values_come_last_either_way()
    {
        var table = Table();
        Assert.Equal(["b", "a", "c"], Names(table));

        table.Find("button.sort").Click();
        Assert.Equal("http://localhost/?sort=power", Navigation.Uri);
        Assert.Equal(["c", "b", "a"], Names(table));
        Assert.Equal("ascending", table.Find("th.n").GetAttribute("aria-sort"));

        table.Find("button.sort").Click();
        Assert.Equal(["b", "c", "a"], Names(table));

        table.Find("button.sort").Click();
        Assert.Equal("http://localhost/", Navigation.Uri);
        Assert.Equal(["b", "a", "c"], Names(table));
    }

    [Fact]
    public void An_address_with_a_sorting_shows_it()
    {
        Navigation.NavigateTo("/?sort=-power");

        Assert.Equal(["b", "c", "a"], Names(Table()));
    }

    [Fact]
    public void A_row_leads_where_it_says_and_its_buttons_do_not()
    {
        var table = Table(opens: row => $"/rows/{row.Name}");

        table.Find("td.acts button").Click();
        Assert.Equal("b", edited);
        Assert.Equal("http://localhost/", Navigation.Uri);

        Assert.Equal("/rows/b", table.Find("td.heads a").GetAttribute("href"));
        table.Find("tbody tr td.n").Click();
        Assert.Equal("http://localhost/rows/b", Navigation.Uri);
    }

    [Fact]
    public void A_long_table_shows_its_first_rows_and_more_on_demand()
    {
        var table = Table(pageSize: 2);
        Assert.Equal(2, Names(table).Length);
        Assert.Contains("2 of 3", table.Find(".table-more").TextContent, StringComparison.Ordinal);

        table.Find(".table-more button").Click();

        Assert.Equal(3, Names(table).Length);
        Assert.Empty(table.FindAll(".table-more"));
    }

    private IRenderedComponent<DataTable<Row>> Table(Func<Row, string>? opens = null, int pageSize = 100) => Render<DataTable<Row>>(table => table
        .Add(t => t.Items, Rows)
        .Add(t => t.Key, row => row.Name)
        .Add(t => t.Caption, "Rows")
        .Add(t => t.Opens, opens)
        .Add(t => t.PageSize, pageSize)
        .Add(t => t.Columns, columns =>
        {
            columns.OpenComponent<TableColumn<Row>>(0);
            columns.AddComponentParameter(1, "Title", "Name");
            columns.AddComponentParameter(2, "Heads", true);
            columns.AddComponentParameter(3, "ChildContent", (RenderFragment<Row>)(row => cell => cell.AddContent(0, row.Name)));
            columns.CloseComponent();
            columns.OpenComponent<TableColumn<Row>>(4);
            columns.AddComponentParameter(5, "Title", "Power");
            columns.AddComponentParameter(6, "Numeric", true);
            columns.AddComponentParameter(7, "SortName", "power");
            columns.AddComponentParameter(8, "SortBy", (Func<Row, IComparable?>)(row => row.Power));
            columns.AddComponentParameter(9, "ChildContent", (RenderFragment<Row>)(row => cell => cell.AddContent(0, $"{row.Power}")));
            columns.CloseComponent();
            columns.OpenComponent<TableColumn<Row>>(10);
            columns.AddComponentParameter(11, "Title", "");
            columns.AddComponentParameter(12, "Acts", true);
            columns.AddComponentParameter(13, "ChildContent", (RenderFragment<Row>)(row => cell =>
            {
                cell.OpenElement(0, "button");
                cell.AddAttribute(1, "onclick", EventCallback.Factory.Create(this, () => edited = row.Name));
                cell.CloseElement();
            }));
            columns.CloseComponent();
        }));

    private static string[] Names(IRenderedComponent<DataTable<Row>> table) => [.. table.FindAll("td.heads").Select(cell => cell.TextContent)];

    public sealed record Row(string Name, double? Power);
}
