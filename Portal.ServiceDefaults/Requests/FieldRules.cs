using System.Text.RegularExpressions;

namespace Portal.ServiceDefaults.Requests;

/// <summary>
/// What an attribute says of a wrong value, as people read it beside the field. The attributes' own sentences hold the C# name, which is on no
/// screen and not on the wire; a sentence that a contract gives stays as it is.
/// </summary>
internal static partial class FieldRules
{
    public static string Say(string sentence)
    {
        if (Required().IsMatch(sentence)) return "Must be given.";
        if (Length().Match(sentence) is { Success: true } length)
        {
            return length.Groups["least"].Success
                ? $"Must have {length.Groups["least"].Value} to {length.Groups["most"].Value} characters."
                : $"Must have at most {length.Groups["most"].Value} characters.";
        }

        return Range().Match(sentence) is { Success: true } range ? $"Must be from {range.Groups["least"].Value} to {range.Groups["most"].Value}." : sentence;
    }

    [GeneratedRegex(@"^The \S+ field is required\.$", RegexOptions.CultureInvariant)]
    private static partial Regex Required();

    [GeneratedRegex(@"^The field \S+ must be a string with a (minimum length of (?<least>\d+) and a )?maximum length of (?<most>\d+)\.$", RegexOptions.CultureInvariant)]
    private static partial Regex Length();

    [GeneratedRegex(@"^The field \S+ must be between (?<least>\S+) and (?<most>\S+)\.$", RegexOptions.CultureInvariant)]
    private static partial Regex Range();
}
