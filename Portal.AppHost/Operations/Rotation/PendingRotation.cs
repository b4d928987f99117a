using System.Text.RegularExpressions;
using Portal.AppHost.Local;
using Portal.AppHost.Manifests;

namespace Portal.AppHost.Operations.Rotation;

/// <summary>
/// A secret that is being changed: the old value and the new one, in a file that only this account may read, until the new one is proven. Whatever
/// breaks off in between, neither is lost, and the same command goes on with the same two.
/// </summary>
internal sealed partial class PendingRotation
{
    private const string FileName = StackDirectory.RotationName;
    private const string Variable = "OF";

    private PendingRotation(string path, string of, string old, string value) => (Path, Of, Old, New) = (path, of, old, value);

    public string Path { get; }

    /// <summary>The variable that it is the value of.</summary>
    public string Of { get; }

    public string Old { get; }

    public string New { get; }

    /// <summary>Whether it was begun earlier.</summary>
    public bool IsResumed { get; private init; }

    /// <summary>Prepares one, or takes up what broke off; writes nothing.</summary>
    /// <param name="given">The new value; null: one is made.</param>
    /// <exception cref="UsageException">Another one is not finished, or the variable is not in the stack's file.</exception>
    public static PendingRotation Take(DeployedStack stack, string variable, string? given)
    {
        var path = System.IO.Path.Combine(stack.Directory.Root, FileName);
        if (new FileInfo(path).LinkTarget is { } elsewhere) throw new UsageException($"{path} is a link to {elsewhere}; nothing was changed. Remove it.");
        if (File.Exists(path))
        {
            var begun = EnvFile.Read(path);
            if (begun[Variable] != variable) throw new UsageException($"The rotation of {begun[Variable]} is not finished: {path} has its old and new value. Nothing was changed. Run that rotation again first.");
            if (given is not null && given != begun["NEW"]) throw new UsageException($"{path} has another new value of {variable}, of a rotation that is not finished. Nothing was changed. Finish it without --stdin first.");
            return new(path, variable, begun["OLD"]!, begun["NEW"]!) { IsResumed = true };
        }

        var old = stack.Variables[variable];
        if (string.IsNullOrEmpty(old)) throw new UsageException($"{stack.VariablesPath} has no {variable}{(stack.Published.ExistingSecret is { } secret ? $": it is in the Secret {secret}, which somebody else makes. Change it there" : "")}. Nothing was changed.");
        if (given == old) throw new UsageException($"The new value of {variable} is the old one. Nothing was changed.");
        return new(path, variable, old, given ?? EnvFile.NewSecret());
    }

    /// <summary>What may be a secret: no character that a shell, Compose, a connection string or SQL reads as another thing.</summary>
    /// <exception cref="UsageException">It is too short, or has another character.</exception>
    public static string Checked(string? given) => given is not null && Secret().IsMatch(given)
        ? given
        : throw new UsageException("The new secret must have 16 to 128 characters, of letters, digits and . _ ~ + / = @ % : - alone. Nothing was changed.");

    public Task KeepAsync(CancellationToken cancel) => PrivateFile.WriteAsync(Path, $"# Old and new value of a secret that ./portal rotate changes; gone once the new one is proven.\n{Variable}={Of}\nOLD={Old}\nNEW={New}\n", cancel);

    public void Forget() => File.Delete(Path);

    /// <summary>Sets the variable in the stack's file, in one step, for this account alone.</summary>
    public async Task WriteAsync(DeployedStack stack, string value, CancellationToken cancel)
    {
        var variables = stack.Variables;
        variables.Set(Of, value);
        await PrivateFile.WriteAsync(stack.VariablesPath, variables.ToString(), cancel);
    }

    [GeneratedRegex("^[A-Za-z0-9._~+/=@%:-]{16,128}\\z")]
    private static partial Regex Secret();
}
