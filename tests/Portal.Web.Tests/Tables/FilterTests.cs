using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Tables;

namespace Portal.Web.Tests.Tables;

public sealed class FilterTests : PageContext
{
    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    [Fact]
    public void What_is_typed_goes_into_the_address_once_the_typing_pauses()
    {
        var field = Render<FilterField>(f => f.Add(p => p.Label, "Filter").Add(p => p.Value, null));

        field.Find("input").Input("AB");
        field.Find("input").Input("ABC ");
        Assert.Equal("http://localhost/", Navigation.Uri);
        Clock.Advance(TimeSpan.FromSeconds(1));
        field.WaitForAssertion(() => Assert.Equal("http://localhost/?q=ABC", Navigation.Uri));

        field.Find("input").Input("");
        Clock.Advance(TimeSpan.FromSeconds(1));
        field.WaitForAssertion(() => Assert.Equal("http://localhost/", Navigation.Uri));
    }

    [Fact]
    public void Links_filter_keep_the_rest_of_the_address_and_say_which_is_in_force()
    {
        Navigation.NavigateTo("/?q=abc&lag=late");

        var links = Render<FilterLinks>(f => f
            .Add(p => p.Label, "Lag").Add(p => p.Parameter, "lag").Add(p => p.Value, "late")
            .Add(p => p.Options, [(null, "all", 7), ("late", "late", 1)]));

        Assert.Equal(["http://localhost/?q=abc", "http://localhost/?q=abc&lag=late"], links.FindAll("a").Select(link => link.GetAttribute("href")));
        Assert.Equal("late 1", links.Find("[aria-current]").TextContent);
    }
}
