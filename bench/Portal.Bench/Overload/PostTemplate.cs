using System.Globalization;
using System.Text;

namespace Portal.Bench.Overload;

/// <summary>
/// A body of many rows that is made once and sent with ever other times: writing JSON anew would take the sender longer than the services take to store
/// it.
/// </summary>
internal sealed class PostTemplate
{
    private const string Format = "yyyy-MM-ddTHH:mm";

    private readonly byte[] body;
    private readonly DateTime from;
    private readonly List<(int At, int Minute)> times = [];

    /// <param name="body">With times of whole minutes from <paramref name="from"/> on.</param>
    public PostTemplate(byte[] body, DateTime from)
    {
        (this.body, this.from) = (body, from);
        var mark = "\"time\":\""u8;
        for (var at = 0; body.AsSpan(at).IndexOf(mark) is >= 0 and var found; )
        {
            at += found + mark.Length;
            var time = DateTime.ParseExact(Encoding.ASCII.GetString(body, at, Format.Length), Format, CultureInfo.InvariantCulture);
            times.Add((at, (int)(time - from).TotalMinutes));
        }
    }

    public int Rows => times.Count;

    /// <summary>The body with its first minute moved there.</summary>
    public byte[] At(DateTime start)
    {
        var copy = (byte[])body.Clone();
        Span<char> text = stackalloc char[Format.Length];
        foreach (var (at, minute) in times)
        {
            start.AddMinutes(minute).TryFormat(text, out _, Format, CultureInfo.InvariantCulture);
            Encoding.ASCII.GetBytes(text, copy.AsSpan(at));
        }

        return copy;
    }
}
