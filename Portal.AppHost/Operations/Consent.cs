namespace Portal.AppHost.Operations;

/// <summary>Whether somebody wants what a plan says.</summary>
internal sealed record Consent
{
    /// <summary>Only show the plan.</summary>
    public bool DryRun { get; init; }

    /// <summary>What must be typed: <c>yes</c>, or the code of the stack that is to be removed.</summary>
    public string Word { get; init; } = "yes";

    /// <summary>What was said on the command line in place of typing it, and by which option; null: nothing.</summary>
    public string? Given { get; init; }

    /// <summary>The option that says it.</summary>
    public string Option { get; init; } = "--yes";

    /// <summary>Who can be asked; null: nobody sits here.</summary>
    public TextReader? Person { get; init; }

    /// <summary>What <c>--dry-run</c> and <c>--yes</c> say, and whoever sits here.</summary>
    public static Consent Of(bool dryRun, bool yes) => new() { DryRun = dryRun, Given = yes ? "yes" : null, Person = Console.IsInputRedirected ? null : Console.In };

    /// <summary>Asks, where it was not said already.</summary>
    /// <returns>False: the person does not want it.</returns>
    /// <exception cref="UsageException">Something else was said, or there is nobody to ask; nothing was changed.</exception>
    public async Task<bool> AskAsync(TextWriter output, CancellationToken cancel)
    {
        if (Given is { } given)
            return given == Word ? true : throw new UsageException($"{Option} says '{given}', and this is '{Word}'. Nothing was changed; look again at what the directory holds.");
        if (Person is null) throw new UsageException($"This asks before it acts, and there is nobody to ask here. Nothing was changed. Say {Option} to go on without asking, or --dry-run to see the plan alone.");
        await output.WriteAsync($"Type {Word} to go on: ");
        await output.FlushAsync(cancel);
        return (await Person.ReadLineAsync(cancel))?.Trim() == Word;
    }
}
