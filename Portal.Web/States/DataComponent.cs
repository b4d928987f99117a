using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Portal.Web.Api;

namespace Portal.Web.States;

/// <summary>
/// A page, or a part of one, that shows data of the API: loads it (the first paint has it already), hands it from the prerendered
/// page to the circuit, renews it while the tab is looked at, and keeps what it has when that fails. Show it by <see cref="StateView{T}"/>.
/// </summary>
public abstract class DataComponent<T> : ComponentBase, IDisposable
    where T : class
{
    /// <summary>A page is sent without its data after this long; the circuit goes on loading.</summary>
    public static readonly TimeSpan FirstPaintPatience = TimeSpan.FromSeconds(2);

    // What is older was not prerendered a moment ago.
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    // The circuit gets it in one message (Interactivity.MaxMessageBytes); data beyond is loaded twice.
    private const int MaxKeptBytes = 512 * 1024;

    private readonly CancellationTokenSource gone = new();
    private PersistingComponentStateSubscription? keeping;
    private RefreshLoop? loop;
    private CancellationTokenSource? loading;
    private object? asked;
    private bool hasAsked;

    [Inject]
    public required DataScope Scope { get; set; }

    /// <summary>The data and how it stands.</summary>
    protected Loaded<T> Data { get; private set; } = new();

    /// <summary>How often it is renewed; null: not by itself.</summary>
    protected virtual TimeSpan? RefreshEvery => null;

    /// <summary>What the data depends on (an id, a range): when it changes, the data is loaded anew. A record, a tuple or a string.</summary>
    protected virtual object? Question => null;

    /// <summary>Asks the API.</summary>
    protected abstract Task<T> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Renews the data now: after something was changed, or by a button.</summary>
    protected async Task ReloadAsync()
    {
        loading?.Cancel();
        using var mine = loading = CancellationTokenSource.CreateLinkedTokenSource(gone.Token);
        using var patience = RendererInfo.IsInteractive ? new CancellationTokenSource() : new CancellationTokenSource(FirstPaintPatience, Scope.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(mine.Token, patience.Token);
        try
        {
            var value = await LoadAsync(either.Token);
            if (!mine.IsCancellationRequested) Data = new Loaded<T>(value, Scope.Clock.GetUtcNow());
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // Another question was asked meanwhile, the page is gone, or the first paint doesn't wait any longer.
        }
        catch (SignedOutException)
        {
            Scope.Session.Show();
        }
        catch (ApiUnavailableException) when (!mine.IsCancellationRequested)
        {
            Data = Data with { Failure = Failure.Unavailable };
        }
        catch (ApiRefusedException refusal) when (!mine.IsCancellationRequested)
        {
            Data = Refused(refusal);
        }
        finally
        {
            if (ReferenceEquals(loading, mine)) loading = null;
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        var question = Question;
        if (hasAsked && Equals(asked, question)) return;
        var isFirst = !hasAsked;
        (hasAsked, asked) = (true, question);
        Data = new Loaded<T>();
        if (isFirst && Restore()) return;
        await ReloadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender || RefreshEvery is not { } every) return;
        loop = new RefreshLoop(Scope.Visibility, Scope.Clock, every, _ => InvokeAsync(RefreshAsync));
        loop.Ended.ContinueWith(
            ended => DispatchExceptionAsync(ended.Exception!.GetBaseException()),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        gone.Cancel();
        loop?.Dispose();
        keeping?.Dispose();
    }

    private async Task RefreshAsync()
    {
        await ReloadAsync();
        StateHasChanged();
    }

    // What is forbidden or gone must not stay on the screen.
    private static Loaded<T> Refused(ApiRefusedException refusal) => refusal.Status switch
    {
        HttpStatusCode.Forbidden => new Loaded<T>(Failure: Failure.Forbidden),
        HttpStatusCode.NotFound => new Loaded<T>(Failure: Failure.NotFound),
        _ => new Loaded<T>(Failure: Failure.Refused, Reason: string.Join(' ', refusal.Problem.Errors.Values.SelectMany(errors => errors).DefaultIfEmpty(refusal.Problem.Title))),
    };

    private bool Restore()
    {
        var key = $"{GetType().FullName}?{JsonSerializer.Serialize(asked)}";
        if (!Scope.TakeKey(key)) return false;
        if (!RendererInfo.IsInteractive)
        {
            keeping = Scope.Kept.RegisterOnPersisting(() => Keep(key));
            return false;
        }

        if (!Scope.Kept.TryTakeFromJson<Kept>(key, out var kept) || kept?.Value is null || Scope.Clock.GetUtcNow() - kept.At > KeptFor) return false;
        Data = new Loaded<T>(kept.Value, kept.At);
        return true;
    }

    private Task Keep(string key)
    {
        if (Data is { Value: { } value, At: { } at, Failure: null } && JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web).Length <= MaxKeptBytes)
            Scope.Kept.PersistAsJson(key, new Kept(value, at));
        return Task.CompletedTask;
    }

    private sealed record Kept(T Value, DateTimeOffset At);
}
