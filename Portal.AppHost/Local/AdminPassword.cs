namespace Portal.AppHost.Local;

/// <summary>
/// The first admins' password. A stack reads it only while it has no admin, so what the first start was given is
/// remembered: the table shows what works, and the simulators can still sign in.
/// </summary>
internal static class AdminPassword
{
    /// <summary>What a developer's stacks are made with where nothing else is asked for.</summary>
    public const string Default = "Portal-dev-1";

    // What the API asks of every password. It is checked here too, since a stack that refuses it would never get ready.
    private const int MinimumLength = 8;
    private const int MaximumLength = 128;
    private const int DistinctCharacters = 4;

    /// <exception cref="UsageException">It is none that the portal takes, or another password was used before.</exception>
    public static async Task<string> ResolveAsync(StateFolder folder, string? given, CancellationToken cancel)
    {
        if (given is not null && (given.Length is < MinimumLength or > MaximumLength || given.Distinct().Count() < DistinctCharacters))
            throw new UsageException($"--admin-password must have {MinimumLength} to {MaximumLength} characters, at least {DistinctCharacters} of them different. Nothing was started.");
        var remembered = File.Exists(folder.AdminPassword) ? await File.ReadAllTextAsync(folder.AdminPassword, cancel) : null;
        if (remembered is not null && given is not null && given != remembered)
            throw new UsageException(
                $"--admin-password differs from the one that the stacks in {StateFolder.Readable(folder.Root)} were made with, and only their first start reads it. "
                + "Leave it out and change the password in the portal, or start afresh with ./portal reset.");
        if (remembered is not null) return remembered;
        var password = given ?? Default;
        await PrivateFile.WriteAsync(folder.AdminPassword, password, cancel);
        return password;
    }
}
