using System.Text;

namespace Portal.AppHost.Terminal;

/// <summary>
/// Standard output that outlasts its terminal: what is written after that was closed is lost, rather than an error wherever somebody happens to
/// be writing. Such an error on the thread of a moving line would end this program before its children.
/// </summary>
internal sealed class LastingOutput(TextWriter terminal) : TextWriter
{
    private volatile bool _closed;

    public override Encoding Encoding => terminal.Encoding;

    /// <summary>From here on everything that this program prints goes through it.</summary>
    public static void Use() => Console.SetOut(new LastingOutput(Console.Out));

    public override void Write(char value) => Try(value, static (writer, text) => writer.Write(text));

    public override void Write(string? value) => Try(value, static (writer, text) => writer.Write(text));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Flush() => Try(0, static (writer, _) => writer.Flush());

    private void Try<T>(T value, Action<TextWriter, T> write)
    {
        if (_closed) return;
        try
        {
            write(terminal, value);
        }
        catch (IOException)
        {
            _closed = true;
        }
    }
}
