using Microsoft.JSInterop;

namespace Portal.Web.States;

/// <summary>Whether the browser shows this tab. What nobody looks at is not refreshed.</summary>
public sealed class PageVisibility(IJSRuntime js) : IAsyncDisposable
{
    private DotNetObjectReference<PageVisibility>? self;
    private IJSObjectReference? watch;

    public bool IsVisible { get; private set; } = true;

    /// <summary>Raised after <see cref="IsVisible"/> changed, on any thread.</summary>
    public event Action? Changed;

    /// <summary>Begins to listen; once per circuit, after the first render.</summary>
    public async Task StartAsync()
    {
        if (self is not null) return;
        self = DotNetObjectReference.Create(this);
        await using var module = await js.InvokeAsync<IJSObjectReference>("import", "./js/visibility.js");
        watch = await module.InvokeAsync<IJSObjectReference>("watch", self);
    }

    [JSInvokable]
    public void Set(bool visible)
    {
        if (visible == IsVisible) return;
        IsVisible = visible;
        Changed?.Invoke();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (watch is not null)
            {
                await watch.InvokeVoidAsync("stop");
                await watch.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and its listener with it.
        }

        self?.Dispose();
    }
}
