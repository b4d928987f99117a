using System.Net;
using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Branding;
using Portal.Web.Settings;
using Portal.Web.Shell;

namespace Portal.Web.Tests.Settings;

public sealed class BrandingPageTests : CustomerPageContext
{
    public BrandingPageTests()
        : base(services => services.AddMemoryCache().AddScoped<Branding>()) => On("GET /api/branding", new BrandingItem("Acme Foods", "#0b5d7a", "/api/branding/logo/1"));

    private BunitNavigationManager Visits => Services.GetRequiredService<BunitNavigationManager>();

    [Fact]
    public void A_pale_colour_is_taken_and_the_page_says_which_shade_text_gets()
    {
        var page = Show<BrandingPage>();
        Assert.Contains("easy to read", page.Find("[role=status]").TextContent);

        page.Find("input[type=color]").Change("#ffe066");

        Assert.Matches(@"Contrast on white 1\.3 : 1, and text needs 4\.5 : 1\. Light screens use the darker #[0-9a-f]{6}", page.Find("[role=status]").TextContent);
        Assert.DoesNotContain("#ffe066", page.Find(".preview-button").GetAttribute("style"));
    }

    [Fact]
    public void A_colour_may_be_typed_as_brand_guides_have_it_and_what_is_none_is_not_saved()
    {
        On("PUT /api/branding", new BrandingItem("Acme Foods", "#7a1fa2"));
        var page = Show<BrandingPage>();
        page.Find("input[name=code]").Change("purple");
        page.Find("form").Submit();
        Assert.Equal("Must be a colour such as #0b5d7a.", page.Find(".field-error").TextContent);
        Assert.Empty(Sent);

        page.Find("input[name=code]").Change(" 7A1FA2 ");
        Assert.Equal("#7a1fa2", page.Find("input[type=color]").GetAttribute("value"));
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Equal("""{"name":"Acme Foods","colour":"#7a1fa2"}""", Assert.Single(Sent).Body.GetRawText()));
    }

    [Fact]
    public void The_preview_follows_the_colour_while_it_is_picked()
    {
        var page = Show<BrandingPage>();

        page.Find("input[type=color]").Input("#7a1fa2");

        Assert.Contains("#7a1fa2", page.Find(".preview-button").GetAttribute("style"));
        Assert.Equal("#7a1fa2", page.Find("input[name=code]").GetAttribute("value"));
    }

    [Fact]
    public void Saving_sends_name_and_colour_and_the_page_comes_anew_in_them()
    {
        On("PUT /api/branding", new BrandingItem("Acme", null));
        var page = Show<BrandingPage>();
        page.Find("input[name=name]").Change(" Acme ");
        page.Find("input[type=checkbox]").Change(false);

        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.True(Assert.Single(Visits.History).Options.ForceLoad));
        Assert.Equal("""{"name":"Acme","colour":null}""", Assert.Single(Sent).Body.GetRawText());
    }

    [Fact]
    public void A_refusal_stands_beside_its_field_and_what_was_typed_stays()
    {
        Refuse("PUT /api/branding", "name", "Must be a name of visible characters.");
        var page = Show<BrandingPage>();
        page.Find("input[name=name]").Change("x");

        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Equal("Must be a name of visible characters.", page.Find(".field-error").TextContent));
        Assert.Equal("x", page.Find("input[name=name]").GetAttribute("value"));
        Assert.Empty(Visits.History);
    }

    [Fact]
    public void A_logo_that_is_too_large_is_not_even_sent()
    {
        var page = Show<BrandingPage>();

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary(new byte[BrandingRules.MaxLogoBytes + 1], "poster.png", contentType: "image/png"));

        page.WaitForAssertion(() => Assert.Contains("“poster.png” is larger than 1 MB", page.Find(".field-error").TextContent));
        Assert.Empty(Sent);
    }

    [Fact]
    public void Removing_the_logo_asks_first()
    {
        On("DELETE /api/branding/logo", new BrandingItem("Acme Foods"));
        var page = Show<BrandingPage>();
        Press(page, "Remove logo");
        Assert.Empty(Sent);

        page.WaitForElement(".mud-dialog .button.danger").Click();

        page.WaitForAssertion(() => Assert.Single(Visits.History));
    }
}
