namespace Portal.Domain.Decoding;

/// <summary>
/// The columns of a log file, by its header, and the reading of its rows:
/// <code>
/// No.,Time Stamp,Ep_Imp [kWh],Ep_Exp [kWh],
/// 1,2025-12-05 18:24:00 ,36854.5 ,---- ,
/// </code>
/// </summary>
internal sealed class MeterLogColumns
{
    private const int MaxColumns = 256; // a log has at most 117 parameters

    private readonly List<Column> columns = [];
    private int timeColumn = -1;
    private long rows;

    /// <summary>The columns of a header, or null where a line is none.</summary>
    public static MeterLogColumns? TryRead(ReadOnlySpan<byte> line)
    {
        var header = new MeterLogColumns();
        foreach (var range in line.Split((byte)','))
        {
            if (header.columns.Count == MaxColumns)
            {
                return null;
            }

            header.Add(Cell(line[range]));
        }

        return header.timeColumn >= 0 ? header : null;
    }

    /// <summary>Reads a row into the post.</summary>
    public void Row(ReadOnlySpan<byte> line, bool isCut, DeviceRef device, PostBuilder post)
    {
        rows++;
        var cells = line.Count((byte)',') + 1;
        if (isCut && cells < columns.Count)
        {
            line = line[..Math.Max(0, line.LastIndexOf((byte)','))];
        }

        var index = 0;
        ReadOnlySpan<byte> time = [];
        foreach (var range in line.Split((byte)','))
        {
            if (index++ == timeColumn)
            {
                time = Cell(line[range]);
                break;
            }
        }

        var isTime = MeterTime.TryRead(time, out var ticks, out var isLocal);
        var row = post.Row(device, isTime ? ticks : 0, isLocal);
        index = 0;
        foreach (var range in line.Split((byte)','))
        {
            if (row < 0 || index == columns.Count)
            {
                break;
            }

            if (columns[index++].Target is { } target)
            {
                post.Set(row, Cell(line[range]), target);
            }
        }
    }

    /// <summary>Counts the columns that nobody knows, a value for each row.</summary>
    public void CountUnknown(PostBuilder post, DeviceRef device)
    {
        foreach (var column in columns)
        {
            if (column.UnknownName is { } name && rows > 0)
            {
                post.CountUnknown(device, name, rows);
            }
        }
    }

    private void Add(ReadOnlySpan<byte> cell)
    {
        if (timeColumn < 0 && IsTime(cell))
        {
            timeColumn = columns.Count;
            columns.Add(default);
            return;
        }

        var bracket = cell.IndexOf((byte)'[');
        var name = Cell(bracket < 0 ? cell : cell[..bracket]);
        var isKnown = ParameterAliases.TryFind(name, bracket < 0 ? [] : cell[bracket..], out var target);
        var isNumber = name.IsEmpty || name.SequenceEqual("No."u8) || name.SequenceEqual("No"u8);
        columns.Add(new Column(isKnown ? target : null, isKnown || isNumber ? null : name.ToArray()));
    }

    private static bool IsTime(ReadOnlySpan<byte> cell)
    {
        Span<byte> letters = stackalloc byte[10];
        var length = 0;
        foreach (var b in cell)
        {
            if (char.IsAsciiLetter((char)b))
            {
                if (length == letters.Length)
                {
                    return false;
                }

                letters[length++] = (byte)(b | 0x20);
            }
        }

        var name = letters[..length];
        return name.SequenceEqual("timestamp"u8) || name.SequenceEqual("time"u8) || name.SequenceEqual("datetime"u8);
    }

    private static ReadOnlySpan<byte> Cell(ReadOnlySpan<byte> cell) => cell.Trim(" \t\"\0"u8);

    /// <summary>Where a column's values go; neither for the time and the row's number.</summary>
    private readonly record struct Column(ParameterTarget? Target, byte[]? UnknownName);
}
