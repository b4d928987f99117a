namespace Portal.Web.BrowserTests.Browsing;

/// <summary>How somebody looks at a page.</summary>
public readonly record struct Look(bool Phone, bool Dark)
{
    public static IEnumerable<Look> All => from phone in new[] { false, true } from dark in new[] { false, true } select new Look(phone, dark);

    public int Width => Phone ? 390 : 1440;

    public int Height => Phone ? 844 : 900;

    public override string ToString() => $"{(Phone ? "phone" : "desktop")}-{(Dark ? "dark" : "light")}";
}
