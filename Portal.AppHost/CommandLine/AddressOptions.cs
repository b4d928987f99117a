using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.AppHost.Operations.Checks;

namespace Portal.AppHost.CommandLine;

/// <summary>The options of how a stack is reached from outside, for every command that verifies.</summary>
internal sealed class AddressOptions
{
    private readonly Option<string?> _resolve = new("--resolve") { Description = "Connect to this address (port: 443) for the stack's host name, wherever that leads to.", HelpName = "address[:port]" };
    private readonly Option<string?> _authorities = new("--ca") { Description = "Believe certificates of the authorities in this PEM file besides those that this host believes.", HelpName = "file" };

    public void AddTo(Command command)
    {
        command.Options.Add(_resolve);
        command.Options.Add(_authorities);
    }

    /// <exception cref="UsageException">The address is none, or the file holds no certificate.</exception>
    public PublicAddress Read(ParseResult parsed) => new(Resolve(parsed.GetValue(_resolve)), Authorities(parsed.GetValue(_authorities)));

    private static IPEndPoint? Resolve(string? given)
    {
        if (given is null) return null;
        if (IPAddress.TryParse(given, out var address)) return new(address, 443);
        return IPEndPoint.TryParse(given, out var endpoint) && endpoint.Port > 0 ? endpoint : throw new UsageException($"--resolve is '{given}'; give an IP address, such as 192.0.2.10 or 127.0.0.1:8443.");
    }

    private static X509Certificate2Collection? Authorities(string? file)
    {
        if (file is null) return null;
        X509Certificate2Collection found = [];
        try
        {
            found.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"--ca {file} can't be read: {e.Message}");
        }

        return found.Count > 0 ? found : throw new UsageException($"--ca {file} holds no certificate; give a file of PEM certificates.");
    }
}
