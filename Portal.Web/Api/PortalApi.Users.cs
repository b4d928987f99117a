using System.Net.Http.Json;
using Portal.Contracts.Audit;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;

namespace Portal.Web.Api;

public sealed partial class PortalApi
{
    private const string TwoFactorPath = "/api/auth/two-factor";

    /// <summary>Accounts, by email.</summary>
    public Task<Listed<UserItem>> UsersAsync(int most, CancellationToken cancellationToken) => ListAsync<UserItem>("/api/users", most, cancellationToken);

    public Task<UserItem> CreateUserAsync(UserCreateRequest user) => SendAsync<UserItem>(HttpMethod.Post, "/api/users", user, CancellationToken.None);

    public Task<UserItem> UpdateUserAsync(string id, UserUpdateRequest user) => SendAsync<UserItem>(HttpMethod.Put, UserPath(id), user, CancellationToken.None);

    public Task ResetPasswordAsync(string id, UserPasswordRequest password) => DoAsync(HttpMethod.Post, UserPath(id) + "/password", password, CancellationToken.None);

    public Task<AccountLinkItem> CreateLinkAsync(string id) => SendAsync<AccountLinkItem>(HttpMethod.Post, UserPath(id) + "/link", null, CancellationToken.None);

    /// <summary>Takes the account's password, and whom it was connected with, away: its owner signs in at the provider.</summary>
    public Task SendToProviderAsync(string id) => DoAsync(HttpMethod.Post, UserPath(id) + "/oidc", null, CancellationToken.None);

    public Task ResetTwoFactorAsync(string id) => DoAsync(HttpMethod.Delete, UserPath(id) + "/two-factor", null, CancellationToken.None);

    public Task DeleteUserAsync(string id) => DoAsync(HttpMethod.Delete, UserPath(id), null, CancellationToken.None);

    /// <summary>The API's answer to a change of the own password, whatever it is; the caller hands its cookie on.</summary>
    public Task<HttpResponseMessage> ChangePasswordAsync(PasswordChangeRequest request, CancellationToken cancellationToken) =>
        SendRawAsync(HttpMethod.Post, "/api/auth/password", JsonContent.Create(request), cancellationToken);

    /// <summary>The answer to the use of an account's link, whatever it is.</summary>
    public Task<HttpResponseMessage> UseLinkAsync(AccountLinkRequest request, CancellationToken cancellationToken) =>
        SendRawAsync(HttpMethod.Post, "/api/auth/link", JsonContent.Create(request), cancellationToken);

    public Task<TwoFactorItem> TwoFactorAsync(CancellationToken cancellationToken) => GetAsync<TwoFactorItem>(TwoFactorPath, cancellationToken);

    public Task<TwoFactorKey> NewTwoFactorKeyAsync(string password) => OwnAsync<TwoFactorKey>("/key", new TwoFactorRequest(password));

    public Task<RecoveryCodes> SwitchTwoFactorOnAsync(string code) => OwnAsync<RecoveryCodes>("/on", new TwoFactorConfirmation(code));

    public Task<TwoFactorItem> SwitchTwoFactorOffAsync(string password) => OwnAsync<TwoFactorItem>("/off", new TwoFactorRequest(password));

    public Task<RecoveryCodes> NewRecoveryCodesAsync(string password) => OwnAsync<RecoveryCodes>("/recovery-codes", new TwoFactorRequest(password));

    /// <summary>Changes of the stack, the newest first.</summary>
    public Task<Listed<AuditItem>> AuditAsync(int most, CancellationToken cancellationToken) => ListAsync<AuditItem>("/api/audit", most, cancellationToken);

    private Task<T> OwnAsync<T>(string path, object body) => SendAsync<T>(HttpMethod.Post, TwoFactorPath + path, body, CancellationToken.None);

    private static string UserPath(string id) => "/api/users/" + Uri.EscapeDataString(id);
}
