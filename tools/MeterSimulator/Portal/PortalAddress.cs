namespace MeterSimulator.Portal;

/// <summary>Where the portal is reached, and which stack of it is meant.</summary>
/// <param name="Url">The gateway; its host name must resolve here (names ending in .localhost don't, in .NET on Linux).</param>
/// <param name="Host">What goes into the Host header: the stack's name, such as abc0001.localhost.</param>
internal sealed record PortalAddress(Uri Url, string Host)
{
    public HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(Url, path));
        request.Headers.Host = Host;
        return request;
    }

    public override string ToString() => $"{Host} ({Url.GetLeftPart(UriPartial.Authority)})";
}
