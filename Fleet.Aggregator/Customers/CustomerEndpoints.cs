using System.Security.Claims;
using Fleet.Aggregator.Audit;
using Fleet.Aggregator.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Contracts;
using Portal.Contracts.Fleet;
using Portal.Domain.Keys;

namespace Fleet.Aggregator.Customers;

/// <summary>Register, list, edit, rotate, delete. For operators only.</summary>
internal static class CustomerEndpoints
{
    private const int PageSize = 200;

    /// <summary>Deleting the measurements of many years takes a while on plain PostgreSQL, and is done once.</summary>
    private static readonly TimeSpan DeleteTimeout = TimeSpan.FromHours(1);

    public static RouteGroupBuilder MapCustomers(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/fleet/customers").WithTags("Customers").RequireAuthorization(Operators.Policy);
        group.MapGet("/", ListAsync);
        group.MapGet("/{id:int}", GetAsync).WithName("GetCustomer");
        group.MapPost("/", RegisterAsync);
        group.MapPut("/{id:int}", EditAsync);
        group.MapPost("/{id:int}/rotate-token", RotateAsync);
        group.MapDelete("/{id:int}", DeleteAsync);
        return group;
    }

    private static async Task<Ok<Page<CustomerView>>> ListAsync(FleetDbContext fleet, string? cursor, CancellationToken cancellationToken)
    {
        var after = cursor ?? "";
        var page = await Views(fleet.Customers.Where(c => string.Compare(c.Code, after) > 0).OrderBy(c => c.Code).Take(PageSize + 1))
            .ToListAsync(cancellationToken);
        var items = page.Take(PageSize).ToList();
        return TypedResults.Ok(new Page<CustomerView>(items, page.Count > PageSize ? items[^1].Code : null));
    }

    private static async Task<Results<Ok<CustomerView>, NotFound>> GetAsync(FleetDbContext fleet, int id, CancellationToken cancellationToken) =>
        await Views(fleet.Customers.Where(c => c.Id == id)).SingleOrDefaultAsync(cancellationToken) is { } customer
            ? TypedResults.Ok(customer)
            : TypedResults.NotFound();

    private static async Task<Results<CreatedAtRoute<CustomerToken>, ValidationProblem, ProblemHttpResult>> RegisterAsync(
        FleetDbContext fleet,
        AuditTrail audit,
        ClaimsPrincipal caller,
        TimeProvider clock,
        RegisterCustomer body,
        CancellationToken cancellationToken
    )
    {
        var (token, stored) = NewToken(clock);
        var customer = new Customer
        {
            Code = body.Code!.ToUpperInvariant(),
            Name = body.Name!.Trim(),
            CreatedAt = stored.CreatedAt,
            ActiveSince = stored.CreatedAt,
        };
        customer.Tokens.Add(stored);
        fleet.Customers.Add(customer);
        audit.Add(caller, "customer.registered", customer.Code, new { customer.Name, TokenPrefix = stored.Prefix });
        if (!await SavedAsync(fleet, cancellationToken))
        {
            return CodeTaken(customer.Code);
        }

        return TypedResults.CreatedAtRoute(Shown(customer, token), "GetCustomer", new { id = customer.Id });
    }

    private static async Task<Results<Ok<CustomerView>, NotFound, ValidationProblem, ProblemHttpResult>> EditAsync(
        FleetDbContext fleet,
        AuditTrail audit,
        ClaimsPrincipal caller,
        TimeProvider clock,
        int id,
        EditCustomer body,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await fleet.Database.BeginTransactionAsync(cancellationToken);
        if (await LockedAsync(fleet, id, cancellationToken) is not { } customer)
        {
            return TypedResults.NotFound();
        }

        var before = new { customer.Code, customer.Name, customer.Active };
        customer.Code = body.Code!.ToUpperInvariant();
        customer.Name = body.Name!.Trim();
        customer.Active = body.Active!.Value;
        customer.ActiveSince = customer.Active && !before.Active ? clock.GetUtcNow() : customer.ActiveSince;
        audit.Add(caller, "customer.edited", before.Code, new { before, after = new { customer.Code, customer.Name, customer.Active } });
        if (!await SavedAsync(fleet, cancellationToken))
        {
            return CodeTaken(customer.Code);
        }

        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(await Views(fleet.Customers.Where(c => c.Id == id)).SingleAsync(cancellationToken));
    }

    private static async Task<Results<Ok<CustomerToken>, NotFound>> RotateAsync(
        FleetDbContext fleet,
        AuditTrail audit,
        ClaimsPrincipal caller,
        TimeProvider clock,
        int id,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await fleet.Database.BeginTransactionAsync(cancellationToken);
        // The row lock lets two rotations take turns; the later token is the one in force.
        if (await LockedAsync(fleet, id, cancellationToken) is not { } customer)
        {
            return TypedResults.NotFound();
        }

        var (token, stored) = NewToken(clock);
        await fleet
            .PushTokens.Where(t => t.CustomerId == id && t.RetiredAt == null)
            .ExecuteUpdateAsync(t => t.SetProperty(x => x.RetiredAt, stored.CreatedAt), cancellationToken);
        customer.Tokens.Add(stored);
        audit.Add(caller, "customer.token-rotated", customer.Code, new { TokenPrefix = stored.Prefix });
        await fleet.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(Shown(customer, token));
    }

    // With all that is stored of it: by foreign keys, and a trigger where there are none. Once begun it is done, whether the caller waits or not.
    private static async Task<Results<NoContent, NotFound>> DeleteAsync(FleetDbContext fleet, AuditTrail audit, ClaimsPrincipal caller, int id)
    {
        fleet.Database.SetCommandTimeout(DeleteTimeout);
        await using var transaction = await fleet.Database.BeginTransactionAsync(CancellationToken.None);
        var deleted = await fleet
            .Customers.FromSql($"""SELECT * FROM fleet."Customers" WHERE "Id" = {id} FOR UPDATE""")
            .AsNoTracking()
            .SingleOrDefaultAsync(CancellationToken.None);
        if (deleted is null)
        {
            return TypedResults.NotFound();
        }

        await fleet.Customers.Where(c => c.Id == id).ExecuteDeleteAsync(CancellationToken.None);
        audit.Add(caller, "customer.deleted", deleted.Code, new { deleted.Name, deleted.CreatedAt });
        await fleet.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.NoContent();
    }

    // Its other columns change with every push: those are held off until the change is made.
    private static Task<Customer?> LockedAsync(FleetDbContext fleet, int id, CancellationToken cancellationToken) =>
        fleet
            .Customers.FromSql($"""SELECT * FROM fleet."Customers" WHERE "Id" = {id} FOR NO KEY UPDATE""")
            .SingleOrDefaultAsync(cancellationToken);

    private static IQueryable<CustomerView> Views(IQueryable<Customer> customers) =>
        customers.Select(c => new CustomerView(
            c.Id,
            c.Code,
            c.Name,
            c.Active,
            c.Tokens.Single(t => t.RetiredAt == null).Prefix,
            c.CreatedAt,
            c.LastPushAt,
            c.NewestTime,
            c.LastHeartbeatAt,
            c.SoftwareVersion,
            c.ProtocolVersion
        ));

    private static (FleetToken Token, PushToken Stored) NewToken(TimeProvider clock)
    {
        var token = FleetToken.Generate();
        return (token, new PushToken { Hash = token.Hash(), Prefix = token.Prefix, CreatedAt = clock.GetUtcNow() });
    }

    private static CustomerToken Shown(Customer customer, FleetToken token) =>
        new(customer.Id, customer.Code, customer.Name, customer.Active, token.Reveal());

    private static async Task<bool> SavedAsync(FleetDbContext fleet, CancellationToken cancellationToken)
    {
        try
        {
            await fleet.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }

    private static ProblemHttpResult CodeTaken(string code) =>
        TypedResults.Problem(new HttpValidationProblemDetails(new Dictionary<string, string[]>
        {
            ["code"] = [$"Another customer has the code {code} already. Choose another one, or edit that customer."],
        })
        {
            Status = StatusCodes.Status409Conflict,
            Title = "The customer code is taken.",
            Type = Portal.ServiceDefaults.Problems.Type("customer-code-taken"),
        });
}
