using Microsoft.Extensions.Options;

namespace Portal.ServiceDefaults.Sessions;

/// <summary>Section <c>DataProtection</c>: where a stack keeps the keys with which it protects sessions.</summary>
public sealed class KeyRingOptions
{
    public const string SectionName = "DataProtection";

    /// <summary>The folder, on a volume that outlives the container. A stack's services share it, and no other stack has it.</summary>
    public string KeysPath { get; set; } = SharedKeyRing.DefaultPath;
}

/// <summary>Tries to write there: a ring that can't be kept would be noticed by the first person who signs in, months later by the next key.</summary>
internal sealed class KeyRingOptionsValidator : IValidateOptions<KeyRingOptions>
{
    private const string WhatToDo =
        "Set it to a folder that this service's user (uid 1000 in a container) can write, on a volume that outlives the container.";

    public ValidateOptionsResult Validate(string? name, KeyRingOptions options)
    {
        try
        {
            SharedKeyRing.CreateFolder(options.KeysPath);
            var probe = Path.Combine(options.KeysPath, $".written-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return ValidateOptionsResult.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ValidateOptionsResult.Fail($"DataProtection__KeysPath: the folder '{options.KeysPath}' can't be written ({exception.Message}) {WhatToDo}");
        }
    }
}
