using Microsoft.Extensions.Options;

namespace Portal.Api.Branding;

/// <summary>The folder with the stack's logo: one file, named after what is in it, so that a page never gets another one than it asked for.</summary>
internal sealed class LogoFolder(IOptions<BrandingOptions> options, ILogger<LogoFolder> logger)
{
    private string? missed;

    /// <exception cref="LogoNotKeptException">The folder is missing or can't be written.</exception>
    public async Task KeepAsync(LogoImage logo, CancellationToken cancellationToken)
    {
        var temporary = FileOf($".{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(options.Value.Path);
            await File.WriteAllBytesAsync(temporary, logo.Png, cancellationToken);
            File.Move(temporary, FileOf(logo.Name), overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "The logo can't be kept in {Folder}: is its volume mounted, and may this service's user (uid 1000 in a container) write there?", options.Value.Path);
            throw new LogoNotKeptException(exception);
        }
    }

    /// <summary>All but one; what can't be removed stays and does no harm.</summary>
    public void Forget(string? butThis)
    {
        if (!Directory.Exists(options.Value.Path)) return;
        foreach (var file in Directory.EnumerateFiles(options.Value.Path, "logo-*.png").Where(file => butThis is null || file != FileOf(butThis)))
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                logger.LogWarning(exception, "An old logo can't be removed: {File}", file);
            }
        }
    }

    /// <summary>The file's path, or null where it isn't there. The log says so once: a logo that was uploaded and is gone means a volume that isn't mounted.</summary>
    public string? Find(string name)
    {
        if (name.Length != LogoImage.NameLength || !name.All(char.IsAsciiHexDigitLower)) return null;
        var file = FileOf(name);
        if (File.Exists(file)) return file;
        if (Interlocked.Exchange(ref missed, name) != name)
            logger.LogWarning("The logo is missing in {Folder}: is the volume with it mounted? Pages show the name alone", options.Value.Path);
        return null;
    }

    private string FileOf(string name) => Path.Combine(options.Value.Path, $"logo-{name}.png");
}

/// <summary>The logo's folder can't be written.</summary>
internal sealed class LogoNotKeptException(Exception inner) : Exception("The logo can't be kept.", inner);
