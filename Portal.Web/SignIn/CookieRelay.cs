namespace Portal.Web.SignIn;

/// <summary>Hands the API's session cookie on to the browser, as the API wrote it.</summary>
internal static class CookieRelay
{
    public static void Pass(HttpResponseMessage answer, HttpResponse response)
    {
        if (answer.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            foreach (var cookie in cookies)
            {
                response.Headers.Append("Set-Cookie", cookie);
            }
        }
    }
}
