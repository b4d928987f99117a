using Microsoft.AspNetCore.Identity;

namespace Portal.Data;

/// <summary>A person who signs in; the e-mail address is the user name.</summary>
public sealed class PortalUser : IdentityUser<Guid>
{
    public PortalUser() => Id = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; set; }
}
