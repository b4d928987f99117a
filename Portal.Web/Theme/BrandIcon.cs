namespace Portal.Web.Theme;

/// <summary>The icon of the browser's tab, in the customer's colour.</summary>
internal static class BrandIcon
{
    public static string Svg(BrandColours colours) =>
        $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="{colours.Brand.Light}"/><path d="M18 5 8 18h7l-1 9 10-13h-7z" fill="{colours.Ink.Light}"/></svg>""";
}
