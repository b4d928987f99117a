using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Users;

namespace Portal.Web.Tests.SignIn;

/// <summary>What an admin sees of the portal who has to set up two-factor first.</summary>
public sealed class TwoFactorSetupTests
{
    // The own account, and the circuit in which its page works.
    private static readonly string[] Own = ["/account", "/account/password", "/sign-out", "/_blazor", "/_blazor/negotiate", "/_blazor/disconnect", "/_blazor/initializers", "/_framework/opaque-redirect"];

    [Fact]
    public async Task Every_page_and_endpoint_there_is_stays_closed_but_the_own_account()
    {
        await using var web = await WebApp.StartAsync();
        var policies = web.Services.GetRequiredService<IAuthorizationPolicyProvider>();
        var authorization = web.Services.GetRequiredService<IAuthorizationService>();
        var endpoints = web.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null).ToList();
        Assert.NotEmpty(endpoints);
        foreach (var endpoint in endpoints)
        {
            var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            var policy = await AuthorizationPolicy.CombineAsync(policies, endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>()) ?? (await policies.GetFallbackPolicyAsync())!;
            Assert.True(await MayAsync(Roles.AdminWithoutTwoFactor, policy) == Own.Contains(path), $"{path} is open before two-factor is set up, or should be.");
            Assert.True(await MayAsync(Roles.Admin, policy), $"{path} is closed to admins.");
        }

        async Task<bool> MayAsync(string role, AuthorizationPolicy policy) =>
            (await authorization.AuthorizeAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Role, role)], "test")), null, policy)).Succeeded;
    }

    [Fact]
    public async Task From_every_page_one_is_led_to_the_account_which_names_no_other()
    {
        await using var web = await WebApp.StartAsync();
        web.Api.LacksTwoFactor = true;
        using var browser = web.Browser();
        await SignInTests.PostAsync(browser, "/sign-in", FakeApi.Email, FakeApi.Password);

        foreach (var path in (string[])["/", "/settings/users", "/devices", "/sites?q=a"])
        {
            using var answer = await browser.GetAsync(path);
            Assert.Equal((HttpStatusCode.Redirect, "/account"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        }

        var page = await browser.GetStringAsync("/account");
        Assert.Contains("Your role needs two-factor sign-in.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/sites\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/settings/users\"", page, StringComparison.Ordinal);

        // Once it is set up the very next page opens.
        web.Api.LacksTwoFactor = false;
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
    }
}
