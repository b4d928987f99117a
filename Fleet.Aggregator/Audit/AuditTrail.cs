using System.Security.Claims;
using System.Text.Json;
using Fleet.Aggregator.Storage;

namespace Fleet.Aggregator.Audit;

/// <summary>Writes which operator changed what. The entry goes with the caller's next <c>SaveChanges</c>, in the transaction of the change itself.</summary>
internal sealed class AuditTrail(FleetDbContext fleet, TimeProvider clock)
{
    /// <param name="operatorOfFleet">Who is signed in.</param>
    /// <param name="action"><c>noun.verb</c> in the past tense: <c>customer.registered</c>.</param>
    /// <param name="subject">The customer's code.</param>
    /// <param name="details">An object; its properties are written in camel case. Never a secret.</param>
    public void Add(ClaimsPrincipal operatorOfFleet, string action, string subject, object? details = null)
    {
        var actor = operatorOfFleet.Identity?.Name ?? "unknown";
        fleet.AuditEntries.Add(
            new AuditEntry
            {
                At = clock.GetUtcNow(),
                Actor = actor[..Math.Min(actor.Length, AuditEntry.MaxActorLength)],
                Action = action,
                Subject = subject,
                Details = details is null ? "{}" : JsonSerializer.Serialize(details, JsonSerializerOptions.Web),
            }
        );
    }
}
