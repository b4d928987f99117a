using Microsoft.Extensions.Options;

namespace Portal.Web.Navigation;

internal static class RunModeGate
{
    /// <summary>Pages of the other run mode answer 404, before anybody is asked to sign in. Belongs after routing, before authorization.</summary>
    public static IApplicationBuilder UseRunMode(this IApplicationBuilder app)
    {
        var mode = app.ApplicationServices.GetRequiredService<IOptions<ApplicationOptions>>().Value.RunMode;
        return app.Use((context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<OnlyInAttribute>() is not { } only || only.Mode == mode) return next(context);
            context.SetEndpoint(null);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}
