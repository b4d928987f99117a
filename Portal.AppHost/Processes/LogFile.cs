using System.Text;

namespace Portal.AppHost.Processes;

/// <summary>
/// A log of bounded size: <c>api.log</c>, and what was before it in <c>api.1.log</c>. The last lines are kept in memory
/// too, to show why something ended.
/// </summary>
public sealed class LogFile : IDisposable
{
    /// <summary>A file is put aside at this size, so a service takes twice as much at most.</summary>
    public const long DefaultMaxBytes = 10 * 1024 * 1024;

    private const int KeptLines = 100;
    private const int LongestKeptLine = 2000;

    private readonly string _path;
    private readonly long _maxBytes;
    private readonly Queue<string> _last = new();
    private readonly Lock _lock = new();
    private StreamWriter? _writer;
    private long _bytes;

    public LogFile(string path, long maxBytes = DefaultMaxBytes)
    {
        (_path, _maxBytes) = (path, maxBytes);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Open();
    }

    /// <summary>Where the log is.</summary>
    public string FilePath => _path;

    /// <summary>The last lines, oldest first; bounded to 100 lines of 2,000 characters.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_lock) return [.. _last];
        }
    }

    public void Write(string line)
    {
        lock (_lock)
        {
            _last.Enqueue(line.Length > LongestKeptLine ? line[..LongestKeptLine] : line);
            if (_last.Count > KeptLines) _last.Dequeue();
            if (_writer is null) return;
            _writer.WriteLine(line);
            _bytes += Encoding.UTF8.GetByteCount(line) + 1;
            if (_bytes >= _maxBytes) PutAside();
        }
    }

    /// <summary>Forgets the kept lines: what is said from now on belongs to another start.</summary>
    public void ForgetLastLines()
    {
        lock (_lock) _last.Clear();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }

    private void PutAside()
    {
        _writer!.Dispose();
        File.Move(_path, Path.ChangeExtension(_path, ".1" + Path.GetExtension(_path)), overwrite: true);
        Open();
    }

    private void Open()
    {
        var stream = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        _bytes = stream.Length;
        _writer = new StreamWriter(stream) { AutoFlush = true };
    }
}
