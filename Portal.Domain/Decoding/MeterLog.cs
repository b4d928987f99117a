using Portal.Domain.Measurements;

namespace Portal.Domain.Decoding;

/// <summary>
/// Reads a meter's log file. Its times are the wall clock of the site, without a zone, and it does not say whose it is:
/// <code>
/// Data Log 1,
/// No.,Time Stamp,Ep_Imp [kWh],Ep_Exp [kWh],Eq_Imp [kvarh],Eq_Exp [kvarh],
/// 1,2025-12-05 18:24:00 ,36854.5 ,0.0 ,4121.7 ,88.3 ,
/// </code>
/// A file cut off in the middle of its last line (the power went) loses the cell that was cut: half a register's digits are a
/// plausible number.
/// </summary>
internal static class MeterLog
{
    private const int MaxLinesBeforeHeader = 16;

    /// <exception cref="UnreadablePostException">There is no line with a column <c>Time Stamp</c>.</exception>
    public static void Read(ReadOnlySpan<byte> text, PostBuilder post, ReadOnlySpan<byte> serial)
    {
        MeterLogColumns? columns = null;
        DeviceRef device = default;
        for (var lines = 0; !text.IsEmpty && (columns is not null || lines < MaxLinesBeforeHeader); )
        {
            var end = text.IndexOfAny((byte)'\n', (byte)'\r');
            var isCut = end < 0;
            var line = isCut ? text : text[..end];
            text = isCut ? [] : text[(end + 1)..];
            if (!line.ContainsAnyExcept(" \t,\"\0"u8))
            {
                continue;
            }

            lines++;
            // A file may hold several logs, each with a title and a header of its own. Rows start with a digit.
            var isText = !char.IsAsciiDigit((char)line.TrimStart(" \t\""u8)[0]);
            if (isText && MeterLogColumns.TryRead(line) is { } header)
            {
                device = columns is null ? post.Device(serial) : device;
                columns?.CountUnknown(post, device);
                columns = header;
            }
            else if (columns is not null && !(isText && line.StartsWith("Data Log"u8)))
            {
                columns.Row(line, isCut, device, post);
            }
        }

        columns?.CountUnknown(post, device);
        if (columns is null)
        {
            throw new UnreadablePostException(
                UnreadableReason.UnknownForm,
                "The post is neither JSON nor a meter's log file: no line has a column `Time Stamp`."
            );
        }
    }
}
