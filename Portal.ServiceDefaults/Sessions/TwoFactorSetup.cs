using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.ServiceDefaults.Sessions;

/// <summary>What an admin is told who has to set up two-factor first, wherever else that one knocks.</summary>
public static class TwoFactorSetup
{
    private const string ProblemKind = "two-factor-setup";

    private const string Title = "Admins need two-factor sign-in here.";

    private const string Detail =
        "Set up an authenticator app first: on the page /account, or by POST /api/auth/two-factor/key and /api/auth/two-factor/on. Then everything opens, with the same session.";

    /// <summary>Answers 403.</summary>
    public static async Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        await http.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = http,
            ProblemDetails = { Status = StatusCodes.Status403Forbidden, Type = Problems.Type(ProblemKind), Title = Title, Detail = Detail },
        });
    }
}
