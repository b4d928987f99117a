using Microsoft.Extensions.Options;

namespace Portal.Gateway.Tls;

/// <summary>Settings of the gateway that ends TLS, see docs/CONFIGURATION.md. It does where <c>ASPNETCORE_URLS</c> has an <c>https</c> address.</summary>
internal sealed class TlsOptions
{
    public const string SectionName = "Tls";

    /// <summary>Folder of certificates with their keys, as PEM; it must exist at start, its files may come and go.</summary>
    public string CertificatesPath { get; set; } = "";

    /// <summary>The port at which people reach the <c>https</c> address: where plain requests are sent to.</summary>
    public int PublicPort { get; set; } = 443;

    /// <summary>How long a browser insists on TLS after a visit (HSTS); zero: it doesn't.</summary>
    public TimeSpan HstsMaxAge { get; set; } = TimeSpan.FromDays(365);

    /// <summary>
    /// Folder below which an ACME client puts its answers, as <c>.well-known/acme-challenge/TOKEN</c> (certbot's <c>--webroot-path</c>,
    /// lego's <c>--http.webroot</c>); empty: none.
    /// </summary>
    public string AcmeWebRoot { get; set; } = "";

    /// <summary>Address of an ACME client that answers by itself (<c>certbot --standalone</c>, <c>lego --http</c>); empty: none.</summary>
    public string AcmeAddress { get; set; } = "";
}

/// <summary>Gathers every mistake, so that one start shows them all.</summary>
internal sealed class TlsOptionsValidator(TlsAddresses addresses) : IValidateOptions<TlsOptions>
{
    public ValidateOptionsResult Validate(string? name, TlsOptions options)
    {
        List<string> mistakes = [];

        if (addresses.Any && string.IsNullOrWhiteSpace(options.CertificatesPath))
            mistakes.Add("Tls__CertificatesPath is not set, and ASPNETCORE_URLS has an https address. Set it to the folder of certificates, or listen on http alone.");
        if (!addresses.Any && options.CertificatesPath.Length > 0)
            mistakes.Add("Tls__CertificatesPath is set, and ASPNETCORE_URLS has no https address. Add one such as https://*:8443, or leave the folder out.");
        if (options.CertificatesPath.Length > 0 && !Directory.Exists(options.CertificatesPath))
            mistakes.Add($"Tls__CertificatesPath is '{options.CertificatesPath}', which is no folder. Create it; it may be empty.");
        if (options.PublicPort is < 1 or > 65535)
            mistakes.Add($"Tls__PublicPort is {options.PublicPort}. Set it to the port at which people reach the https address, 443 by default.");
        if (options.HstsMaxAge < TimeSpan.Zero || options.HstsMaxAge > TimeSpan.FromDays(3650))
            mistakes.Add($"Tls__HstsMaxAge is {options.HstsMaxAge}. Set it between 00:00:00 (off) and 3650.00:00:00.");
        if (options.AcmeWebRoot.Length > 0 && !Directory.Exists(options.AcmeWebRoot))
            mistakes.Add($"Tls__AcmeWebRoot is '{options.AcmeWebRoot}', which is no folder. Create it; the ACME client puts its answers below it.");
        if (options.AcmeAddress.Length > 0 && (!Uri.TryCreate(options.AcmeAddress, UriKind.Absolute, out var acme) || acme.Scheme != "http" || acme.PathAndQuery != "/"))
            mistakes.Add($"Tls__AcmeAddress is '{options.AcmeAddress}'. Set it to an address such as http://acme:8080, without a path.");
        if (options.AcmeWebRoot.Length > 0 && options.AcmeAddress.Length > 0)
            mistakes.Add("Tls__AcmeWebRoot and Tls__AcmeAddress are both set. An ACME client answers by files or by itself: set one.");

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
