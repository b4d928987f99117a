using Microsoft.AspNetCore.Components;

namespace Portal.Web.States;

/// <summary>What every <see cref="DataComponent{T}"/> needs beside its own client.</summary>
public sealed class DataScope(TimeProvider clock, PersistentComponentState kept, PageVisibility visibility, SessionEnd session)
{
    // One entry per component of one page.
    private readonly HashSet<string> keys = [];

    public TimeProvider Clock => clock;

    public PersistentComponentState Kept => kept;

    public PageVisibility Visibility => visibility;

    public SessionEnd Session => session;

    /// <summary>Takes a name to keep data under; false where another component has it.</summary>
    internal bool TakeKey(string key) => keys.Add(key);
}
