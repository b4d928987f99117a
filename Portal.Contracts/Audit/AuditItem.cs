using System.Text.Json;

namespace Portal.Contracts.Audit;

/// <summary>One administrative change.</summary>
/// <param name="Id">Opaque; later entries come first in the list.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Email of who did it, as it was then; <c>system</c> for the portal itself.</param>
/// <param name="Action">What was done: <c>site.created</c>, <c>user.password-reset</c>, …</param>
/// <param name="Subject">To whom or what, by a name that people know.</param>
/// <param name="Details">More of it as an object; never a secret.</param>
public sealed record AuditItem(string Id, DateTimeOffset At, string Actor, string Action, string Subject, JsonElement Details);
