using Microsoft.AspNetCore.Components.Server;
using MudBlazor.Services;
using Portal.Web.Account;
using Portal.Web.Forms;
using Portal.Web.Navigation;
using Portal.Web.Shell;
using Portal.Web.SignIn;
using Portal.Web.States;

namespace Portal.Web;

internal static class Interactivity
{
    /// <summary>Largest message of a browser: with the first one it hands back what the prerendered page loaded.</summary>
    private const long MaxMessageBytes = 1024 * 1024;

    /// <summary>Pages rendered on the server, and what they share.</summary>
    public static void AddPages(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddRazorComponents().AddInteractiveServerComponents(Configure).AddHubOptions(hub => hub.MaximumReceiveMessageSize = MaxMessageBytes);
        services.AddCascadingAuthenticationState();
        services.AddMudServices();
        services.AddMemoryCache();
        services.AddSingleton<NavigationMenu>();
        services.AddScoped<Branding>();
        services.AddSingleton<SealedPassword>();
        services.AddScoped<PageVisibility>();
        services.AddScoped<SessionEnd>();
        services.AddScoped<DataScope>();
        services.AddScoped<Dialogs>();
        services.AddScoped<Messages>();
        services.AddTransient<FormState>();
    }

    public static void MapPages(this IEndpointRouteBuilder app) =>
        // The frame policy stands in ContentSecurity with the rest.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null).WithOwnCircuit();

    private static void Configure(CircuitOptions circuit)
    {
        // A laptop's lid, a lift: within this time a page goes on where it was. Beyond it, it is loaded anew from its address.
        circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
        // Some 0.3 MB each.
        circuit.DisconnectedCircuitMaxRetained = 100;
        // What a page showed an hour ago is no use: it is loaded anew instead.
        circuit.PersistedCircuitInMemoryMaxRetained = 0;
    }
}
