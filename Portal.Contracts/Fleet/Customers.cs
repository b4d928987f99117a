using System.ComponentModel.DataAnnotations;

namespace Portal.Contracts.Fleet;

/// <summary>Body of <c>POST /api/fleet/customers</c>.</summary>
/// <param name="Code">3 to 12 of A–Z and 0–9; lower case is taken as upper case. Never changes its stack's names afterwards.</param>
/// <param name="Name">1 to 200 characters, as shown to operators.</param>
public sealed record RegisterCustomer(
    [Required, RegularExpression("^[A-Za-z0-9]{3,12}$", ErrorMessage = "A customer code is 3 to 12 of the letters A–Z and the digits 0–9.")] string? Code,
    [Required, StringLength(200, MinimumLength = 1), RegularExpression(Fields.OneLine, ErrorMessage = Fields.OneLineError)] string? Name
);

/// <summary>Body of <c>PUT /api/fleet/customers/{id}</c>.</summary>
/// <param name="Active">False: pushes are answered 401 at once, stored data stays.</param>
public sealed record EditCustomer(
    [Required, RegularExpression("^[A-Za-z0-9]{3,12}$", ErrorMessage = "A customer code is 3 to 12 of the letters A–Z and the digits 0–9.")] string? Code,
    [Required, StringLength(200, MinimumLength = 1), RegularExpression(Fields.OneLine, ErrorMessage = Fields.OneLineError)] string? Name,
    [Required] bool? Active
);

/// <summary>A customer as operators see it.</summary>
/// <param name="TokenPrefix">First eight characters of the token in force, to tell tokens apart.</param>
/// <param name="LastPushAt">When its last push or heartbeat was accepted; null: never.</param>
/// <param name="NewestTime">Time of the newest measurement received; null: none.</param>
/// <param name="LastHeartbeatAt">When its last heartbeat was accepted; null: never. The fields below are from it.</param>
/// <param name="SoftwareVersion">Release of its stack.</param>
/// <param name="ProtocolVersion">Version of the push protocol that its stack speaks, see <see cref="PushProtocol"/>.</param>
public sealed record CustomerView(
    int Id,
    string Code,
    string Name,
    bool Active,
    string TokenPrefix,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastPushAt,
    DateTimeOffset? NewestTime = null,
    DateTimeOffset? LastHeartbeatAt = null,
    string? SoftwareVersion = null,
    int? ProtocolVersion = null
);

/// <summary>Answer that shows a token, once: it is stored as a hash only.</summary>
public sealed record CustomerToken(int Id, string Code, string Name, bool Active, string Token);
