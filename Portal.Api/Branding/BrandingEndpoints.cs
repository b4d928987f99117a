using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Portal.Api.Auth;
using Portal.Api.Requests;
using Portal.Contracts;
using Portal.Contracts.Branding;

namespace Portal.Api.Branding;

internal static class BrandingEndpoints
{
    private static readonly string[] LogoTypes = ["image/png", "image/jpeg", "image/webp"];
    private static readonly SemaphoreSlim Drawing = new(1, 1);

    public static void MapBranding(this IEndpointRouteBuilder app)
    {
        var branding = app.MapGroup("/api/branding").WithTags("Branding");
        // The sign-in screen shows it, before anybody is signed in.
        branding.MapGet("/", GetAsync).AllowAnonymous();
        branding.MapGet("/logo/{name}", GetLogo).AllowAnonymous();
        branding.MapPut("/", ChangeAsync).RequireAuthorization(Policies.Admin);
        branding.MapPut("/logo", ChangeLogoAsync).RequireAuthorization(Policies.Admin);
        branding.MapDelete("/logo", RemoveLogoAsync).RequireAuthorization(Policies.Admin);
    }

    public static string LogoPath(string name) => $"/api/branding/logo/{name}";

    private static async Task<Ok<BrandingItem>> GetAsync(BrandingStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ReadAsync(cancellationToken));

    // Whatever is under this name has been drawn by us, and the name is what is in it.
    private static Results<PhysicalFileHttpResult, NotFound> GetLogo(string name, LogoFolder folder, HttpContext http)
    {
        if (folder.Find(name) is not { } file) return TypedResults.NotFound();
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.PhysicalFile(file, "image/png", entityTag: new EntityTagHeaderValue($"\"{name}\""));
    }

    private static async Task<Results<Ok<BrandingItem>, ValidationProblem>> ChangeAsync(
        BrandingRequest request, ClaimsPrincipal caller, BrandingStore store, CancellationToken cancellationToken)
    {
        var name = request.Name.Trim();
        if (name.Length == 0 || name.Any(char.IsControl)) return Refusals.Invalid("name", "Must be a name of visible characters.");
        return TypedResults.Ok(await store.ChangeAsync(caller, name, request.Colour?.ToLowerInvariant(), cancellationToken));
    }

    private static async Task<Results<Ok<BrandingItem>, ValidationProblem, ProblemHttpResult>> ChangeLogoAsync(
        HttpContext http, ClaimsPrincipal caller, BrandingStore store, CancellationToken cancellationToken)
    {
        if (!LogoTypes.Contains(http.Request.ContentType?.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase))
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status415UnsupportedMediaType,
                title: "The logo must be an image.",
                detail: $"Send the file itself, with one of these types: {string.Join(", ", LogoTypes)}.");
        }

        using var file = new MemoryStream();
        await http.Request.Body.CopyToAsync(file, cancellationToken);
        // One at a time: pixels take up to 64 MiB while they are drawn.
        await Drawing.WaitAsync(cancellationToken);
        try
        {
            if (LogoImage.TryRead(file.ToArray(), out var error) is not { } logo) return Refusals.Invalid("logo", error!);
            return TypedResults.Ok(await store.ChangeLogoAsync(caller, logo, cancellationToken));
        }
        catch (LogoNotKeptException)
        {
            return Refusals.Conflict(
                ProblemKinds.NotKept, "The logo can't be kept.",
                "Nothing is changed. The folder for it is missing or can't be written: your operator looks at Branding__Path and its volume.");
        }
        finally
        {
            Drawing.Release();
        }
    }

    private static async Task<Ok<BrandingItem>> RemoveLogoAsync(ClaimsPrincipal caller, BrandingStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.RemoveLogoAsync(caller, cancellationToken));
}
