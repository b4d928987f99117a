using Portal.Web.Theme;

namespace Portal.Web.Tests.Theme;

public sealed class BrandColoursTests
{
    [Theory]
    [InlineData("#ffff00")]
    [InlineData("#ffffff")]
    [InlineData("#000000")]
    [InlineData("#7f7f7f")]
    [InlineData("#E2001A")]
    [InlineData("#0000ff")]
    public void Whatever_colour_a_customer_has_text_in_it_and_on_it_can_be_read(string colour)
    {
        var brand = BrandColours.From(colour);
        var surface = DesignTokens.Colours["--surface"];

        foreach (var pick in new Func<ColourPair, string>[] { pair => pair.Light, pair => pair.Dark })
        {
            var shown = Colour.Parse(pick(brand.Brand));
            Assert.True(shown.ContrastTo(Colour.Parse(pick(surface))) >= BrandColours.Needed, $"{shown} on {pick(surface)}");
            Assert.True(shown.ContrastTo(Colour.Parse(pick(brand.Soft))) >= BrandColours.Needed, $"{shown} on {pick(brand.Soft)}");
            Assert.True(shown.ContrastTo(Colour.Parse(pick(brand.Ink))) >= BrandColours.Needed, $"{pick(brand.Ink)} on {shown}");
        }
    }

    [Fact]
    public void A_colour_that_can_be_read_is_left_as_it_is() => Assert.Equal("#0b5d7a", BrandColours.From("#0B5D7A").Brand.Light);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("red")]
    [InlineData("#fff")]
    [InlineData("#0b5d7a;} body{display:none")]
    public void What_is_no_colour_gives_the_products_own(string? text) => Assert.Equal(BrandColours.Default, BrandColours.From(text));
}
