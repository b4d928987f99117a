using Serilog.Core;
using Serilog.Events;

namespace Portal.ServiceDefaults;

/// <summary>
/// Renders text without the quotes Serilog puts around it, so that <c>Applied migration '{Name}'</c> reads
/// <c>Applied migration 'InitialCreate'</c> and is found by grep, and takes secrets out of every value. It works on the
/// event itself, so stdout and OpenTelemetry say the same.
/// </summary>
internal sealed class ReadableValues : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? replaced = null;
        foreach (var (name, value) in logEvent.Properties)
        {
            if (value is not ScalarValue { Value: string or Uri } scalar) continue;
            var text = Secrets.Redact(scalar.Value.ToString()!);
            (replaced ??= []).Add(new LogEventProperty(name, new PlainText(text)));
        }

        if (replaced is null) return;
        foreach (var property in replaced) logEvent.AddOrUpdateProperty(property);
    }

    private sealed class PlainText(string text) : ScalarValue(text)
    {
        public override void Render(TextWriter output, string? format = null, IFormatProvider? formatProvider = null)
            => output.Write(text);
    }
}
