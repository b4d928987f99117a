using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Portal.Api.Auth;
using Portal.Api.Rates.Files;
using Portal.Contracts;
using Portal.Contracts.Rates;
using Portal.Data;

namespace Portal.Api.Rates;

internal static class ShippedTariffEndpoints
{
    public static void MapShippedTariffs(this IEndpointRouteBuilder app)
    {
        var shipped = app.MapGroup("/api/rates/shipped").WithTags("Rates");
        shipped.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn);
        shipped.MapPost("/{key}/import", ImportAsync).RequireAuthorization(Policies.Admin);
    }

    private static async Task<Ok<Page<ShippedTariffItem>>> ListAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        var names = ShippedTariffs.Files.Values.Select(file => file.Name).ToList();
        var stored = await db.Tariffs.Where(t => names.Contains(t.Name)).Select(t => new { t.Id, t.Name, Municipality = t.Municipality!.Name }).ToListAsync(cancellationToken);
        return TypedResults.Ok(new Page<ShippedTariffItem>([.. ShippedTariffs.Files
            .Select(file => new ShippedTariffItem(
                file.Key, file.Value.Municipality, file.Value.Name, file.Value.Versions[0].Version.From, file.Value.Versions[0].Version.Source,
                stored.Find(t => t.Name == file.Value.Name && t.Municipality == file.Value.Municipality)?.Id.ToString()))], null));
    }

    private static async Task<Results<Ok<TariffImported>, NotFound, ProblemHttpResult>> ImportAsync(
        string key, ClaimsPrincipal caller, TariffImport import, CancellationToken cancellationToken)
    {
        if (!ShippedTariffs.Texts.TryGetValue(key, out var text)) return TypedResults.NotFound();
        var faults = new FileFaults();
        return await import.RunAsync(text, checkOnly: false, caller, faults, cancellationToken) is { } imported ? TypedResults.Ok(imported) : FileRefusal.Of(faults);
    }
}
