using System.Security.Claims;
using System.Text.Json;
using Portal.Api.Auth;
using Portal.Data;

namespace Portal.Api.Audit;

/// <summary>Writes who changed what. The entry goes with the caller's next <c>SaveChanges</c>, in the transaction of the change itself.</summary>
internal sealed class AuditTrail(PortalDbContext db, TimeProvider clock)
{
    public void Add(ClaimsPrincipal actor, string action, string subject, object? details = null) =>
        db.AuditEntries.Add(Entry(actor.Email(), action, subject, details));

    public void AddOwn(string action, string subject, object? details = null) => db.AuditEntries.Add(Entry("system", action, subject, details));

    /// <summary>An entry that somebody else writes, in a transaction of their own.</summary>
    public AuditEntry Entry(ClaimsPrincipal actor, string action, string subject, object? details = null) =>
        Entry(actor.Email(), action, subject, details);

    /// <param name="actor">Email of a person, or the name of what acts by itself.</param>
    /// <param name="action"><c>noun.verb</c> in the past tense: <c>site.created</c>.</param>
    /// <param name="subject">A name that people know.</param>
    /// <param name="details">An object; its properties are written in camel case. Never a secret.</param>
    private AuditEntry Entry(string actor, string action, string subject, object? details) => new()
    {
        At = clock.GetUtcNow(),
        Actor = actor,
        Action = action,
        Subject = subject,
        Details = details is null ? "{}" : JsonSerializer.Serialize(details, JsonSerializerOptions.Web),
    };
}
