using System.Globalization;

namespace Portal.Bench;

/// <summary>CPU that processes have used, from <c>/proc</c> (proc(5)): the named ones and all of their children.</summary>
internal static class CpuTime
{
    private const double TicksPerSecond = 100; // USER_HZ, on every Linux that .NET runs on

    /// <summary>Seconds of one core, user and system, children that have ended included.</summary>
    public static double Of(params int[] pids)
    {
        var processes = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Select(Read).OfType<Stat>().ToList();
        var wanted = pids.ToHashSet();
        // Parents come before their children unless numbers wrapped around; another round finds those.
        while (processes.Where(process => wanted.Contains(process.Parent) && wanted.Add(process.Pid)).ToList().Count > 0)
        {
        }

        return processes.Where(process => wanted.Contains(process.Pid)).Sum(process => process.Ticks) / TicksPerSecond;
    }

    /// <summary>The same of each, and of this process at the end, which is the client.</summary>
    public static double[] Each(params int[] pids) => [.. pids.Select(pid => Of(pid)), Environment.CpuUsage.TotalTime.TotalSeconds];

    /// <summary>What was used in between, by process, as microseconds of one core a row: <c>1.2 · 3.4 µs a row, client 0.5</c>.</summary>
    public static string PerRow(double[] before, double[] after, double rows)
    {
        var each = before.Zip(after, (from, to) => string.Create(CultureInfo.InvariantCulture, $"{(to - from) / rows * 1e6:0.00}")).ToList();
        return $"{string.Join(" · ", each[..^1])} µs, client {each[^1]}";
    }

    private static Stat? Read(string? folder)
    {
        if (!int.TryParse(folder, CultureInfo.InvariantCulture, out var pid))
        {
            return null;
        }

        try
        {
            // The name in parentheses may hold anything.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Stat(pid, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
            return null; // it has ended
        }
    }

    private sealed record Stat(int Pid, int Parent, long Ticks);
}
