namespace MeterSimulator.Posts;

/// <summary>The forms of a post, named as in the wire contract; the meter's log is the CSV one.</summary>
internal enum PostForm
{
    A,
    B,
    C,
    D,
    MeterLog,
}
