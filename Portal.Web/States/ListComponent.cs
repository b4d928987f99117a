using Portal.Web.Api;

namespace Portal.Web.States;

/// <summary>A page that shows a collection: so much of it at first, and more of it where somebody asks. What isn't shown is said, by <see cref="Tables.ListEnd{T}"/>.</summary>
public abstract class ListComponent<T> : DataComponent<Listed<T>>
{
    private int steps = 1;

    /// <summary>How much is shown at first, and how much more each time.</summary>
    protected virtual int Step => 2_000;

    /// <summary>Asks the API for so much at most.</summary>
    protected abstract Task<Listed<T>> ListAsync(int most, CancellationToken cancellationToken);

    protected sealed override Task<Listed<T>> LoadAsync(CancellationToken cancellationToken) => ListAsync(steps * Step, cancellationToken);

    protected Task MoreAsync()
    {
        steps++;
        return ReloadAsync();
    }
}
