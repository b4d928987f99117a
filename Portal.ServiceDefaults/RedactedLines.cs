using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace Portal.ServiceDefaults;

/// <summary>Takes secrets out of the whole line: an exception's text isn't a value that <see cref="ReadableValues"/> sees.</summary>
internal sealed class RedactedLines(ITextFormatter inner) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        inner.Format(logEvent, line);
        output.Write(Secrets.Redact(line.ToString()));
    }
}
