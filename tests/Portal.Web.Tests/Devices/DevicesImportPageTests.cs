using Bunit;
using Portal.Contracts.Devices;
using Portal.Web.Devices.Import;

namespace Portal.Web.Tests.Devices;

public sealed class DevicesImportPageTests : CustomerPageContext
{
    private static readonly ImportLine Good = new(2, "North", "UTC", "Intake", "N-1", "main", "", ImportEffects.Creates, []);
    private static readonly ImportLine Bad = new(3, "North", "UTC", "", "N-2", "", "", ImportEffects.Fails, [new ImportProblem("device", "Is missing: give the device a name.")]);

    [Fact]
    public void A_line_that_fails_comes_first_with_its_column_and_nothing_can_be_imported()
    {
        On("POST /api/devices/import", new ImportAnswer([Good, Bad], ["North"], null));
        var page = Preview();

        page.WaitForAssertion(() => Assert.Contains("1 of 2 lines can’t be imported", Words(page)));
        Assert.Contains("device Is missing: give the device a name.", page.FindAll("tbody tr")[0].TextContent);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Trim() == "Import");
    }

    [Fact]
    public void What_was_previewed_is_imported_and_the_page_says_what_was_done()
    {
        On("POST /api/devices/import", new ImportAnswer([Good], ["North"], "plan1"));
        var page = Preview();
        page.WaitForAssertion(() => Assert.Contains("New sites: North.", Words(page)));

        On("POST /api/devices/import", new ImportAnswer([Good], ["North"], "plan1", Applied: true, AdmittedRows: 12));
        Press(page, "Import");

        page.WaitForAssertion(() => Assert.Contains("Done: 1 created, 0 changed, 12 rows admitted", Words(page)));
    }

    [Fact]
    public void A_file_that_is_none_is_said_beside_the_field()
    {
        Refuse("POST /api/devices/import", "file", "The first line doesn't name “site”.");
        var page = Preview();

        page.WaitForAssertion(() => Assert.Equal("The first line doesn't name “site”.", page.Find(".field-error").TextContent));
    }

    private IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> Preview()
    {
        var page = Show<DevicesImportPage>();
        page.Find("textarea").Change("site,device\n…");
        Press(page, "Preview");
        return page;
    }
}
