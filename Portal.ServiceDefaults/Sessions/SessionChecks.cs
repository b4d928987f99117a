using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;

namespace Portal.ServiceDefaults.Sessions;

/// <summary>Who a session belongs to.</summary>
/// <param name="User">E-mail address the person signs in with.</param>
/// <param name="Role"><c>Admin</c> or <c>Viewer</c>, or <see cref="WithoutTwoFactor"/>.</param>
public sealed record SignedInPerson(string User, string Role)
{
    /// <summary>Role of an admin who has to set up two-factor before anything else.</summary>
    public const string WithoutTwoFactor = "AdminWithoutTwoFactor";

    /// <summary>To this one nothing is open but the own account.</summary>
    public bool MustSetUpTwoFactor => Role == WithoutTwoFactor;
}

/// <summary>The stack's API could not be asked: nobody is signed out by that, the request is answered 503.</summary>
public sealed class SessionCheckUnavailableException(Exception inner)
    : Exception("The stack's API could not be asked whether the session is valid.", inner);

/// <summary>
/// Asks the stack's API who a cookie belongs to (<c>GET /api/auth/check</c>). The API alone keeps sessions; an answer is
/// believed for <see cref="BelievedFor"/>, so that is how long a signed-out session may live on in another service.
/// </summary>
public sealed class SessionChecks(HttpClient api, TimeProvider clock, ILogger<SessionChecks> logger) : IDisposable
{
    public static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(5);

    /// <summary>Longest time to wait for the API.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // An entry is a hash and two short strings, some 300 bytes: 3 MB at the most.
    private readonly MemoryCache answers = new(new MemoryCacheOptions { SizeLimit = 10_000, Clock = new CacheClock(clock) });

    /// <param name="cookies">The request's <c>Cookie</c> header.</param>
    /// <returns>The person, or null where nobody is signed in with these cookies. Look at <see cref="SignedInPerson.MustSetUpTwoFactor"/>.</returns>
    /// <exception cref="SessionCheckUnavailableException">The API is away or failed.</exception>
    public async Task<SignedInPerson?> WhoAsync(string cookies, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(cookies)));
        if (answers.TryGetValue(key, out SignedInPerson? known))
        {
            return known;
        }

        var person = await AskAsync(cookies, cancellationToken);
        // Whoever has just set up two-factor goes on at once.
        if (person is not { MustSetUpTwoFactor: true })
        {
            answers.Set(key, person, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = BelievedFor });
        }

        return person;
    }

    public void Dispose() => answers.Dispose();

    private async Task<SignedInPerson?> AskAsync(string cookies, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/check");
            request.Headers.TryAddWithoutValidation("Cookie", cookies);
            using var response = await api.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.Forbidden && response.Headers.TryGetValues("X-Webauth-Role", out var roles) && roles.SequenceEqual([SignedInPerson.WithoutTwoFactor]))
            {
                return new SignedInPerson(Header(response, "X-Webauth-User"), SignedInPerson.WithoutTwoFactor);
            }

            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                return null;
            }

            response.EnsureSuccessStatusCode();
            return new SignedInPerson(Header(response, "X-Webauth-User"), Header(response, "X-Webauth-Role"));
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning("The API could not be asked for a session: {Reason}", exception.Message);
            throw new SessionCheckUnavailableException(exception);
        }
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values)
            ? values.First()
            : throw new InvalidDataException($"The API's answer to /api/auth/check has no {name} header.");

    private sealed class CacheClock(TimeProvider clock) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => clock.GetUtcNow();
    }
}
