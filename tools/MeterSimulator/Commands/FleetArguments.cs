using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MeterSimulator.Fleet;
using MeterSimulator.Running;

namespace MeterSimulator.Commands;

/// <summary>How the words of the command line become values. What can't be read is said with the option's name and a right example.</summary>
internal static class FleetArguments
{
    public static Option<Uri> Url(string name, string description, Uri fallback) => new(name)
    {
        Description = description,
        HelpName = "url",
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
        {
            if (Uri.TryCreate(Word(result), UriKind.Absolute, out var url) && url.Scheme is ("http" or "https")) return url;
            result.AddError($"{name}: give an address such as http://127.0.0.1:8080.");
            return fallback;
        },
    };

    /// <summary>A duration, null where it is not given; <paramref name="least"/> is the shortest that makes sense, null if it may be negative.</summary>
    public static Option<TimeSpan?> Span(string name, string description, TimeSpan? least) => new(name)
    {
        Description = description,
        HelpName = "duration",
        CustomParser = result =>
        {
            if (Spans.Parse(Word(result)) is { } span && !(span < least)) return span;
            result.AddError(least is { } shortest
                ? $"{name}: give a duration of at least {Spans.Text(shortest)}, such as 90s, 15m, 2h, 7d or 1d12h."
                : $"{name}: give a duration such as 90s, 15m or, if behind, {name}=-90s.");
            return null;
        },
    };

    public static Option<double> Share(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "percent",
        CustomParser = result =>
        {
            var word = Word(result);
            var number = word.EndsWith('%') ? word[..^1] : word;
            if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            {
                var share = word.EndsWith('%') ? value / 100 : value;
                if (share is >= 0 and <= 1) return share;
            }

            result.AddError($"{name}: give a share such as 5% or 0.05.");
            return 0;
        },
    };

    /// <summary>A time in ISO 8601 with a zone, or a duration before now ("2d") or after it ("+10m"); "SERIAL@" before it names the meter.</summary>
    public static Option<MeterEventAt?> Event(string name, string description, TimeProvider time) => new(name)
    {
        Description = description,
        HelpName = "[serial@]at",
        CustomParser = result =>
        {
            var word = Word(result);
            var separator = word.IndexOf('@', StringComparison.Ordinal);
            if (At(word[(separator + 1)..], time) is { } at) return new MeterEventAt(separator > 0 ? word[..separator] : null, at);
            result.AddError($"{name}: give a time such as 2026-11-23T10:00:00Z, 2d (two days ago) or +10m (in ten minutes), with or without AN21010043@ before it.");
            return null;
        },
    };

    private static DateTimeOffset? At(string word, TimeProvider time)
    {
        if (Spans.Parse(word.TrimStart('+')) is { } span) return time.GetUtcNow() + (word.StartsWith('+') ? span : -span);
        const DateTimeStyles zoned = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(word, CultureInfo.InvariantCulture, zoned, out var at) ? at : null;
    }

    private static string Word(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
}
