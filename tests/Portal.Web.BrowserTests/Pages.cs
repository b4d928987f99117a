using Portal.AppHost.Topology;
using Portal.Web.BrowserTests.Stack;

namespace Portal.Web.BrowserTests;

/// <summary>
/// Every page there is. Each is opened at desktop and phone width, light and dark: no error on the console, nothing that the content
/// policy refuses, nothing serious for accessibility, nothing wider than the screen; and a picture of it lies in artifacts/screenshots.
/// </summary>
public static class Pages
{
    /// <summary>Stack, path, and who looks: <c>admin</c>, <c>viewer</c> or <c>nobody</c>. <c>{site}</c> and <c>{device}</c> stand for ids of <see cref="Contents"/>.</summary>
    public static TheoryData<string, string, string> All => new()
    {
        { TestPortal.Customer, "/sign-in", "nobody" },
        { TestPortal.Customer, "/", "admin" },
        { TestPortal.Customer, "/", "viewer" },
        { TestPortal.Customer, "/sites", "admin" },
        { TestPortal.Customer, "/sites/{site}", "admin" },
        { TestPortal.Customer, "/devices", "viewer" },
        { TestPortal.Customer, "/devices/{device}", "admin" },
        { TestPortal.Customer, "/devices/{device}?tab=curves", "viewer" },
        { TestPortal.Customer, "/devices/{device}?tab=energy", "admin" },
        { TestPortal.Customer, "/devices/{device}?tab=quality", "viewer" },
        { TestPortal.Customer, "/rates", "admin" },
        { TestPortal.Customer, "/rates", "viewer" },
        { TestPortal.Customer, "/rates/import", "admin" },
        { TestPortal.Customer, "/rates/new", "admin" },
        { TestPortal.Customer, "/costs", "admin" },
        { TestPortal.Customer, "/devices/unclaimed", "admin" },
        { TestPortal.Customer, "/devices/import", "admin" },
        { TestPortal.Customer, "/connect", "admin" },
        { TestPortal.Customer, "/connect?serial=AN100001", "admin" },
        { TestPortal.Customer, "/settings/users", "admin" },
        { TestPortal.Customer, "/settings/branding", "admin" },
        { TestPortal.Customer, "/settings/ingest-keys", "admin" },
        { TestPortal.Customer, "/settings/fleet", "admin" },
        { TestPortal.Customer, "/settings/audit", "admin" },
        { TestPortal.Customer, "/account", "viewer" },
        { TestPortal.Customer, "/account/password", "viewer" },
        { TestPortal.Customer, "/account/link", "nobody" },
        { TestPortal.Customer, "/dashboards", "viewer" },
        { TestPortal.Customer, "/no-such-page", "admin" },
        { Stacks.AdminCode, "/", "admin" },
        { Stacks.AdminCode, "/", "viewer" },
        { Stacks.AdminCode, "/admin/customers", "admin" },
        { Stacks.AdminCode, "/admin/customers/1", "admin" },
        { Stacks.AdminCode, "/admin/customers/1?tab=measurements", "admin" },
        { Stacks.AdminCode, "/admin/customers/1?tab=sites", "admin" },
        { Stacks.AdminCode, "/admin/customers/1?tab=devices", "admin" },
        { Stacks.AdminCode, "/admin/customers/1?tab=silences", "admin" },
        { Stacks.AdminCode, "/admin/customers/1?tab=ledger", "admin" },
        { Stacks.AdminCode, "/admin/audit", "admin" },
        { Stacks.AdminCode, "/settings/branding", "admin" },
        { Stacks.AdminCode, "/dashboards", "admin" },
    };
}
