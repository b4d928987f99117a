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
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"DataProtection__KeysPath: the folder '{path}' can't be created ({exception.Message}). Set it to a folder that this user can write, on a volume that outlives the container.",
                exception);
        }

        builder.Services.AddDataProtection().SetApplicationName("tau-acuvim-portal").PersistKeysToFileSystem(new DirectoryInfo(path));
    }
}
