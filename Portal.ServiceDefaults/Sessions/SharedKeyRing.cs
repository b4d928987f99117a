using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Portal.ServiceDefaults.Sessions;

/// <summary>The ring as this start found it.</summary>
/// <param name="Folder">Where it is kept.</param>
/// <param name="WasEmpty">True where it held no key: the stack's first start, or a ring that was lost.</param>
public sealed record KeyRingState(string Folder, bool WasEmpty);

public static class SharedKeyRing
{
    /// <summary>The Data Protection key ring of a stack: its services share the folder, and no other stack has it.</summary>
    public const string DefaultPath = "/data/keys";

    /// <summary>
    /// Keeps the keys in <c>DataProtection__KeysPath</c> (<see cref="DefaultPath"/>), which is tried when settings are checked. Losing them ends all
    /// sessions and no more.
    /// </summary>
    public static void AddSharedKeyRing(this IHostApplicationBuilder builder)
    {
        var path = builder.Configuration["DataProtection:KeysPath"] is { Length: > 0 } configured ? configured : DefaultPath;
        builder.Services.AddSingleton<IValidateOptions<KeyRingOptions>, KeyRingOptionsValidator>();
        builder.Services.AddOptions<KeyRingOptions>().Configure(options => options.KeysPath = path).ValidateOnStart();
        builder.Services.AddSingleton(new KeyRingState(path, !Directory.Exists(path) || !Directory.EnumerateFiles(path, "key-*.xml").Any()));

        // The stack's host is part of the name, so that even with a copied ring one stack can't read what another protected.
        var stack = Uri.TryCreate(builder.Configuration["Application:PublicUrl"], UriKind.Absolute, out var url) ? url.Authority : "local";
        builder.Services.AddDataProtection().SetApplicationName($"tau-acuvim-portal/{stack}").PersistKeysToFileSystem(new DirectoryInfo(path));
    }

    /// <summary>Keys are secrets: where the folder is ours to create, nobody else on the machine may read it.</summary>
    internal static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
