using System.Collections.Immutable;

namespace Portal.Gateway.Stacks;

/// <summary>
/// All stacks that are routed, by file name, and what was refused. Never changed, only replaced by the next one.
/// </summary>
internal sealed record StackSet(ImmutableSortedDictionary<string, Stack> Stacks, ImmutableArray<StackFault> Faults)
{
    public static readonly StackSet Empty = new(ImmutableSortedDictionary.Create<string, Stack>(StringComparer.Ordinal), []);

    /// <summary>
    /// The set after the folder was read. A file that was refused keeps its last good stack, a file that is gone takes
    /// its stack along. A host belongs to the file that had it first; of several new files to the first by name.
    /// </summary>
    /// <param name="files">Every file of the folder, with its stack or null if it was refused.</param>
    /// <param name="faults">Why files were refused; faults found here are added.</param>
    public StackSet Next(IReadOnlyDictionary<string, Stack?> files, IEnumerable<StackFault> faults)
    {
        var next = ImmutableSortedDictionary.CreateBuilder<string, Stack>(StringComparer.Ordinal);
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        var refused = new List<StackFault>(faults);

        bool Take(string file, Stack stack)
        {
            if (!owners.TryAdd(stack.Host, file)) return false;
            next[file] = stack;
            return true;
        }

        // First those that keep their host, then those that change it, then new ones: no newcomer can push out a stack
        // that is in use.
        foreach (var (file, stack) in files.OrderBy(f => Standing(f.Key, f.Value)).ThenBy(f => f.Key, StringComparer.Ordinal))
        {
            var former = Stacks.GetValueOrDefault(file);
            if (stack is not null && Take(file, stack)) continue;
            if (stack is not null) refused.Add(new StackFault(file, "host", $"is \"{stack.Host}\", which {owners[stack.Host]} has already"));
            if (former is not null) Take(file, former);
        }

        return new StackSet(next.ToImmutable(), [.. refused.OrderBy(fault => fault.File, StringComparer.Ordinal)]);
    }

    public bool RoutesLike(StackSet other) =>
        Stacks.Count == other.Stacks.Count
        && Stacks.All(stack => other.Stacks.TryGetValue(stack.Key, out var theirs) && theirs.Fingerprint == stack.Value.Fingerprint);

    private int Standing(string file, Stack? stack) => Stacks.TryGetValue(file, out var former)
        ? stack is null || stack.Host == former.Host ? 0 : 1
        : 2;
}
