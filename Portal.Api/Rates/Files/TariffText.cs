using System.Collections;
using System.Globalization;
using System.Text.Json;
using Portal.Domain.Tariffs;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlScalar = YamlDotNet.Core.Events.Scalar;

namespace Portal.Api.Rates.Files;

/// <summary>A tariff as the text of a file.</summary>
internal static class TariffText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(Tariff tariff) => JsonSerializer.Serialize(TariffFileWriter.Tree(tariff), Indented) + "\n";

    public static string Yaml(Tariff tariff)
    {
        var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 128));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, TariffFileWriter.Tree(tariff), inList: false);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    // Windows, rates and lists of names take one line each, as people write them.
    private static void Emit(Emitter emitter, object? value, bool inList)
    {
        switch (value)
        {
            case Dictionary<string, object?> map:
                var oneLine = inList && map.Count <= 3 && map.Values.All(IsPlain);
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, true, oneLine ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (name, field) in map)
                {
                    Emit(emitter, name, inList: false);
                    Emit(emitter, field, inList: false);
                }

                emitter.Emit(new MappingEnd());
                break;
            case IEnumerable list and not string:
                List<object?> items = [.. list];
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, true, items.TrueForAll(IsPlain) ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in items) Emit(emitter, item, inList: true);
                emitter.Emit(new SequenceEnd());
                break;
            default:
                var style = value is string text && NeedsQuotes(text) ? ScalarStyle.DoubleQuoted : ScalarStyle.Any;
                emitter.Emit(new YamlScalar(AnchorName.Empty, TagName.Empty, Plain(value), style, true, true));
                break;
        }
    }

    private static bool IsPlain(object? value) => value is string or not IEnumerable;

    // What other readers of YAML would take for a number, a time, a truth or nothing.
    private static bool NeedsQuotes(string text) =>
        text.Length == 0 || text is "~" or "null" or "true" or "false" or "yes" or "no" or "on" or "off"
        || ((char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.') && !DateOnly.TryParseExact(text, "yyyy-MM-dd", out _));

    private static string Plain(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "null",
    };
}
