namespace Portal.Web.States;

/// <summary>Something to be told.</summary>
public sealed record Message(string Text, Tone Tone);

/// <summary>
/// What was done, or why it wasn't, said at the edge of the page. Good news goes away by itself, anything else stays until it is closed.
/// (The component library's own messages bring a style sheet that the content policy refuses.)
/// </summary>
public sealed class Messages(TimeProvider clock) : IDisposable
{
    public static readonly TimeSpan GoodNewsLast = TimeSpan.FromSeconds(6);

    // An older one gives way: what failed ten times needn't be read ten times.
    private const int Most = 4;

    private readonly Lock gate = new();
    private readonly List<Message> shown = [];
    private readonly Dictionary<Message, ITimer> timers = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Message> Shown
    {
        get
        {
            lock (gate) return [.. shown];
        }
    }

    /// <summary>Raised on any thread.</summary>
    public event Action? Changed;

    public void Add(string text, Tone tone)
    {
        var message = new Message(text, tone);
        lock (gate)
        {
            Forget(message);
            shown.Add(message);
            if (shown.Count > Most) Forget(shown[0]);
            if (tone == Tone.Good) timers[message] = clock.CreateTimer(_ => Remove(message), null, GoodNewsLast, Timeout.InfiniteTimeSpan);
        }

        Changed?.Invoke();
    }

    public void Remove(Message message)
    {
        lock (gate) Forget(message);
        Changed?.Invoke();
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var timer in timers.Values) timer.Dispose();
        }
    }

    private void Forget(Message message)
    {
        shown.Remove(message);
        if (timers.Remove(message, out var timer)) timer.Dispose();
    }
}
