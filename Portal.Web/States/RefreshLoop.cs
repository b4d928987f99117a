using System.Threading.Channels;

namespace Portal.Web.States;

/// <summary>
/// Does something again and again while the tab is looked at, and at once when it is looked at again after longer than that.
/// One at a time; ends with <see cref="Dispose"/>.
/// </summary>
internal sealed class RefreshLoop : IDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly PageVisibility visibility;
    private readonly TimeProvider clock;
    private readonly TimeSpan every;
    private readonly Func<CancellationToken, Task> refresh;

    public RefreshLoop(PageVisibility visibility, TimeProvider clock, TimeSpan every, Func<CancellationToken, Task> refresh)
    {
        (this.visibility, this.clock, this.every, this.refresh) = (visibility, clock, every, refresh);
        visibility.Changed += Wake;
        Ended = RunAsync();
    }

    /// <summary>Fails with what <c>refresh</c> failed with.</summary>
    public Task Ended { get; }

    public void Dispose()
    {
        visibility.Changed -= Wake;
        end.Cancel();
    }

    private async Task RunAsync()
    {
        var last = clock.GetTimestamp();
        try
        {
            while (true)
            {
                var rest = every - clock.GetElapsedTime(last);
                if (rest > TimeSpan.Zero)
                {
                    using var pause = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
                    await Task.WhenAny(Task.Delay(rest, clock, pause.Token), wake.Reader.ReadAsync(pause.Token).AsTask());
                    await pause.CancelAsync();
                    end.Token.ThrowIfCancellationRequested();
                    continue;
                }

                if (!visibility.IsVisible)
                {
                    await wake.Reader.ReadAsync(end.Token);
                    continue;
                }

                await refresh(end.Token);
                last = clock.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The page is gone.
        }
    }

    private void Wake() => wake.Writer.TryWrite(true);
}
