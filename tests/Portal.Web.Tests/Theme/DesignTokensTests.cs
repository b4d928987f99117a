using System.Text.RegularExpressions;
using Portal.Web.Theme;

namespace Portal.Web.Tests.Theme;

public sealed partial class DesignTokensTests
{
    [Theory]
    [InlineData("--ink", "--bg")]
    [InlineData("--ink-2", "--bg")]
    [InlineData("--ink-3", "--bg")]
    [InlineData("--ink-3", "--surface")]
    [InlineData("--ink-2", "--line-2")]
    [InlineData("--brand", "--surface")]
    [InlineData("--brand", "--brand-soft")]
    [InlineData("--brand-ink", "--brand")]
    [InlineData("--good", "--good-soft")]
    [InlineData("--warn", "--warn-soft")]
    [InlineData("--bad", "--bad-soft")]
    [InlineData("--bad-ink", "--bad")]
    [InlineData("--good", "--surface")]
    [InlineData("--warn", "--surface")]
    [InlineData("--bad", "--surface")]
    public void Text_can_be_read_in_light_and_dark(string text, string ground)
    {
        var (ink, below) = (DesignTokens.Colours[text], DesignTokens.Colours[ground]);
        Assert.InRange(Colour.Parse(ink.Light).ContrastTo(Colour.Parse(below.Light)), BrandColours.Needed, 21);
        Assert.InRange(Colour.Parse(ink.Dark).ContrastTo(Colour.Parse(below.Dark)), BrandColours.Needed, 21);
    }

    [Theory]
    [InlineData("--line-field", "--surface")]
    [InlineData("--series-1", "--surface")]
    [InlineData("--series-3", "--surface")]
    [InlineData("--series-6", "--surface")]
    public void What_has_to_be_seen_is_told_from_its_ground(string colour, string ground)
    {
        var (mark, below) = (DesignTokens.Colours[colour], DesignTokens.Colours[ground]);
        Assert.InRange(Colour.Parse(mark.Light).ContrastTo(Colour.Parse(below.Light)), 3, 21);
        Assert.InRange(Colour.Parse(mark.Dark).ContrastTo(Colour.Parse(below.Dark)), 3, 21);
    }

    [Fact]
    public void The_librarys_variables_lean_on_tokens_that_exist_and_hold_no_colour_of_their_own()
    {
        var css = ThemeStylesheet.For(null).Css;

        var tokens = Token().Matches(css).Select(match => match.Groups[1].Value).Where(name => !name.StartsWith("--mud", StringComparison.Ordinal)).Distinct();
        Assert.All(tokens.Except(["--font", "--radius-small", "--shadow", "--nav-width"]), token => Assert.True(DesignTokens.Colours.ContainsKey(token), token));
        Assert.Contains("--mud-palette-primary:var(--brand);", css, StringComparison.Ordinal);
        Assert.Contains("--mud-palette-primary-rgb:11,93,122;", css, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"var\((--[a-z0-9-]+)\)")]
    private static partial Regex Token();
}
