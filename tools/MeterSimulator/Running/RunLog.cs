using System.Globalization;

namespace MeterSimulator.Running;

/// <summary>Lines with a time before them. Complaints of one kind appear once a minute at most, however many modules have them.</summary>
internal sealed class RunLog(TextWriter output, TimeProvider time)
{
    private const int MostComplaints = 64;
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _complaints = [];

    public void Write(string line)
    {
        lock (_gate)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} {line}"));
            output.Flush();
        }
    }

    public void Complain(string line)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_complaints.TryGetValue(line, out var last) && now - last < Quiet) return;
            if (_complaints.Count >= MostComplaints) _complaints.Clear();
            _complaints[line] = now;
        }

        Write(line);
    }
}
