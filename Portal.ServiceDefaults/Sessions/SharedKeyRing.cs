using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Portal.ServiceDefaults.Sessions;

public static class SharedKeyRing
{
    /// <summary>The Data Protection key ring of a stack: its services share the folder, and no other stack has it.</summary>
    public const string DefaultPath = "/data/keys";

    /// <summary>
    /// Keeps the keys in <c>DataProtection__KeysPath</c> (<see cref="DefaultPath"/>). Losing them ends all sessions and no more.
    /// </summary>
    /// <exception cref="InvalidOperationException">The folder can't be written; the message names it and the setting.</exception>
    public static void AddSharedKeyRing(this IHostApplicationBuilder builder)
    {
        var path = builder.Configuration["DataProtection:KeysPath"] is { Length: > 0 } configured ? configured : DefaultPath;
        try
        {
            // Keys are secrets: where the folder is ours to create, nobody else on the machine may read it.
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"DataProtection__KeysPath: the folder '{path}' can't be created ({exception.Message}). Set it to a folder that this user can write, on a volume that outlives the container.",
                exception);
        }

        // The stack's host is part of the name, so that even with a copied ring one stack can't read what another protected.
        var stack = Uri.TryCreate(builder.Configuration["Application:PublicUrl"], UriKind.Absolute, out var url) ? url.Authority : "local";
        builder.Services.AddDataProtection().SetApplicationName($"tau-acuvim-portal/{stack}").PersistKeysToFileSystem(new DirectoryInfo(path));
    }
}
