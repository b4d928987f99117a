using System.Text.Json;

namespace Portal.AppHost.Local;

/// <summary>What a service's last log lines say about why it is not ready, in one line.</summary>
internal static class LogReading
{
    private const int Longest = 200;

    // How .NET prints what ended a process; its stack follows.
    private const string Crash = "Unhandled exception.";

    /// <summary>The exception of a crash, else the last warning or error, else the last line that is no log record; null when there is none of these.</summary>
    public static string? Reason(IReadOnlyList<string> lines)
    {
        var crash = lines.LastOrDefault(line => line.StartsWith(Crash, StringComparison.Ordinal));
        var said = crash?[Crash.Length..].Trim()
            ?? lines.Select(Complaint).LastOrDefault(complaint => complaint is not null)
            ?? lines.LastOrDefault(line => !line.StartsWith('{') && line.Trim().Length > 0)?.Trim();
        return said is null ? null : Shortened(said);
    }

    /// <summary>The message of a record like <c>{"@t":"…","@m":"Not ready: …","@l":"Warning"}</c>; null for records without a level, which are information.</summary>
    private static string? Complaint(string line)
    {
        if (!line.StartsWith('{')) return null;
        try
        {
            using var record = JsonDocument.Parse(line);
            if (!record.RootElement.TryGetProperty("@l", out var level) || level.GetString() is not ("Warning" or "Error" or "Fatal")) return null;
            return record.RootElement.TryGetProperty("@m", out var message) ? message.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Shortened(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : $"{line[..Longest]}…";
    }
}
