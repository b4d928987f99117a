using Microsoft.Extensions.Localization;

namespace Portal.Web.Figures;

/// <summary>
/// Texts that hold a count: <c>{0} devices</c> under a name, <c>{0} device</c> under the name with <c>One</c> at its end. A language with
/// more forms than two needs more of them here.
/// </summary>
internal static class CountedText
{
    /// <param name="more">What stands in <c>{1}</c> and on.</param>
    public static string Count(this IStringLocalizer text, string name, long count, params object[] more) =>
        text[count == 1 ? name + "One" : name, [Numbers.Count(count), .. more]];
}
