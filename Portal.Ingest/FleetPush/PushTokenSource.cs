using System.Text;
using Microsoft.Extensions.Options;
using Portal.Domain.Keys;

namespace Portal.Ingest.FleetPush;

/// <summary>
/// The token to push with. A file is read each time it is needed, at most once a second: that needs no notification, which mounted volumes
/// don't give. A file that isn't there yet, or is only half written, is waited for.
/// </summary>
internal sealed class PushTokenSource(IOptions<FleetIngestOptions> options)
{
    private const int MostBytes = 1_024; // a token and white space

    /// <returns>The token, or why there is none, as a sentence without anything of the file's content.</returns>
    public (FleetToken? Token, string? Missing) Read()
    {
        if (options.Value.ReadTokenFile is not { } file)
        {
            return (FleetToken.TryParse(options.Value.Token, out var token) ? token : null, null);
        }

        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
            Span<byte> content = stackalloc byte[MostBytes];
            var text = Encoding.UTF8.GetString(content[..stream.ReadAtLeast(content, MostBytes, throwOnEndOfStream: false)]);
            return FleetToken.TryParse(text, out var token)
                ? (token, null)
                : (null, $"Paused: {file} (FleetIngest__TokenFile) holds no fleet token, or only a part of one. Write it there; it is read again at once.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, $"Paused, waiting for {file} (FleetIngest__TokenFile). Write the token there; it is read at once.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"Paused: {file} (FleetIngest__TokenFile) can't be read: {e.Message} It is tried again every second.");
        }
    }
}
