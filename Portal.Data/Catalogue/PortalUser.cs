using Microsoft.AspNetCore.Identity;

namespace Portal.Data;

/// <summary>A person who signs in; the e-mail address is the user name.</summary>
public sealed class PortalUser : IdentityUser<Guid>
{
    public PortalUser() => Id = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Step of the newest code of the authenticator app that was taken (RFC 6238, 30 s since 1970); null before the first. None is taken twice.</summary>
    public long? LastCodeStep { get; set; }
}
