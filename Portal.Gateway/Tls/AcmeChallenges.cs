using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Portal.Gateway.Forwarding;
using Yarp.ReverseProxy.Forwarder;

namespace Portal.Gateway.Tls;

/// <summary>
/// Answers an authority that asks whether a host is ours (<c>/.well-known/acme-challenge/TOKEN</c>, RFC 8555 §8.3), at every host and
/// without a redirect: a new stack's certificate comes before its routes. From a folder, or from the ACME client itself.
/// </summary>
internal static class AcmeChallenges
{
    private const string Path = "/.well-known/acme-challenge/";

    /// <summary>A key authorization has some 90 characters.</summary>
    private const int MaxBytes = 1024;

    public static void MapAcmeChallenges(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<TlsOptions>>().Value;
        if (options.AcmeWebRoot.Length > 0) app.MapGet(Path + "{token}", FromFolderAsync);
        if (options.AcmeAddress.Length > 0)
            app.MapForwarder(Path + "{token}", options.AcmeAddress, new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromSeconds(10) }, RequestHeaders.Add);
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> FromFolderAsync(
        string token, IOptions<TlsOptions> options, CancellationToken cancellationToken)
    {
        // base64url, so that it can't lead out of the folder.
        if (token.Length > 128 || !token.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')) return Refusals.NotFound();
        var file = new FileInfo(System.IO.Path.Join(options.Value.AcmeWebRoot, Path, token));
        try
        {
            return file is { Exists: true, Length: <= MaxBytes }
                ? TypedResults.Text(await File.ReadAllTextAsync(file.FullName, cancellationToken))
                : Refusals.NotFound();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return Refusals.NotFound();
        }
    }
}
