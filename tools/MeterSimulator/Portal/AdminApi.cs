using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeterSimulator.Portal;

/// <summary>
/// The portal's public API as a signed-in admin. Waits while the portal is starting or away (network errors, 429, 5xx); everything else
/// that is not success becomes a <see cref="PortalRefusedException"/>, but for <see cref="Creation"/>.
/// </summary>
internal sealed class AdminApi(HttpClient http, PortalAddress portal, TimeProvider time, Action<string> log)
{
    private const int MostPages = 1000;
    private string? _cookie;

    public async Task SignInAsync(string email, string password, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Post, "/api/auth/login", new JsonObject { ["email"] = email, ["password"] = password }, cancellation);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest or HttpStatusCode.Forbidden)
        {
            var said = await Problem.ReadAsync(response, cancellation);
            throw new PortalRefusedException(
                $"{portal} does not sign {email} in ({said}). Check --admin-email and the environment variable SIMULATOR_ADMIN_PASSWORD.");
        }

        await EnsureAsync(response, "sign-in", cancellation);
        if (!response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            throw new PortalRefusedException($"{portal} answered the sign-in without a cookie. Check that --portal is the portal's gateway.");
        }

        _cookie = string.Join("; ", cookies.Select(cookie => cookie.Split(';', 2)[0]));
    }

    /// <summary>All items of a collection, page after page.</summary>
    public async Task<List<JsonObject>> ListAsync(string path, CancellationToken cancellation)
    {
        var items = new List<JsonObject>();
        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var query = cursor is null ? path : $"{path}?cursor={Uri.EscapeDataString(cursor)}";
            using var response = await SendAsync(HttpMethod.Get, query, null, cancellation);
            await EnsureAsync(response, $"GET {path}", cancellation);
            var body = await JsonAsync(response, $"GET {path}", cancellation);
            if (body["items"] is not JsonArray found) throw new PortalRefusedException($"GET {path} answered without \"items\". Check --portal.");
            items.AddRange(found.OfType<JsonObject>());
            cursor = body["next"]?.ToString();
            if (string.IsNullOrEmpty(cursor)) return items;
        }

        throw new PortalRefusedException($"GET {path} has more than {MostPages} pages. Start against a smaller portal.");
    }

    /// <summary>Tries once to create something; after a lost answer it may be there or not.</summary>
    public async Task<Creation> CreateAsync(string path, JsonObject item, CancellationToken cancellation)
    {
        HttpResponseMessage? sent;
        try
        {
            sent = await SendAsync(HttpMethod.Post, path, item, cancellation, repeatLost: false);
        }
        catch (Exception failure) when (IngestClient.IsNetwork(failure) && !cancellation.IsCancellationRequested)
        {
            await WaitAsync($"POST {path}", failure.Message, new Backoff().Next(), cancellation);
            return new(null, failure.Message, IsLost: true);
        }

        using var response = sent;
        if (response.StatusCode == HttpStatusCode.Conflict) return new(null, await Problem.ReadAsync(response, cancellation));
        await EnsureAsync(response, $"POST {path}", cancellation);
        return new(await JsonAsync(response, $"POST {path}", cancellation), "");
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, JsonObject? body, CancellationToken cancellation, bool repeatLost = true)
    {
        var backoff = new Backoff();
        for (; ; )
        {
            string said;
            TimeSpan? wait = null;
            try
            {
                using var request = portal.Request(method, path);
                if (_cookie is not null) request.Headers.Add("Cookie", _cookie);
                if (body is not null) request.Content = JsonContent.Create(body);
                var response = await http.SendAsync(request, cancellation);
                if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError))
                {
                    return response;
                }

                using (response)
                {
                    said = await Problem.ReadAsync(response, cancellation);
                    wait = RetryAfter.Of(response, time);
                }
            }
            catch (Exception failure) when (repeatLost && IngestClient.IsNetwork(failure) && !cancellation.IsCancellationRequested)
            {
                said = failure.Message;
            }

            await WaitAsync($"{method} {path}", said, wait ?? backoff.Next(), cancellation);
        }
    }

    private Task WaitAsync(string what, string said, TimeSpan pause, CancellationToken cancellation)
    {
        log($"Waiting for {portal}: {what}: {said}");
        return Task.Delay(pause, time, cancellation);
    }

    private async Task EnsureAsync(HttpResponseMessage response, string what, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode) return;
        var said = await Problem.ReadAsync(response, cancellation);
        var advice = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "Give --admin-email of an account with the role Admin.",
            HttpStatusCode.NotFound => "Check --portal and --host.",
            _ => "Change what it names, or start against a portal of the same version.",
        };
        throw new PortalRefusedException($"{portal}: {what} was refused ({said}). {advice}");
    }

    private async Task<JsonObject> JsonAsync(HttpResponseMessage response, string what, CancellationToken cancellation)
    {
        try
        {
            if (await response.Content.ReadFromJsonAsync<JsonObject>(cancellation) is { } body) return body;
        }
        catch (JsonException)
        {
            // Said below: a page, not the API, answered.
        }

        throw new PortalRefusedException($"{portal}: {what} did not answer with JSON. Check that --portal is the portal's gateway.");
    }
}
