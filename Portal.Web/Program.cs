using Microsoft.AspNetCore.Authorization;
using Portal.ServiceDefaults;
using Portal.ServiceDefaults.Sessions;
using Portal.Web;
using Portal.Web.Api;
using Portal.Web.Layout;
using Portal.Web.SignIn;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();

builder.Services.AddOptions<ApplicationOptions>().BindConfiguration(ApplicationOptions.SectionName).ValidateOnStart();

builder.Services.AddPortalSessions(signInPath: "/sign-in");
builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
builder.AddSharedKeyRing();
builder.Services.AddRazorComponents();
builder.Services.AddHttpContextAccessor();
builder.Services.AddTransient<Callers>();
builder.Services.AddHttpClient<PortalApi>(http => http.BaseAddress = new Uri("http://api")).AsCaller();
builder.Services.AddHttpClient<FleetApi>(http => http.BaseAddress = new Uri("http://aggregator")).AsCaller();
builder.Services.AddScoped<Branding>();

var app = builder.Build();

app.UseCallerAddress();
app.UseExceptionHandler(new ExceptionHandlerOptions
{
    ExceptionHandlingPath = "/error",
    CreateScopeForErrors = true,
    StatusCodeSelector = exception => exception is SessionCheckUnavailableException ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
});
app.UseStatusCodePagesWithReExecute("/not-found");
app.UseContentSecurity();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();

app.MapDefaultEndpoints();
app.MapStaticAssets().AllowAnonymous();
app.MapSignOut();
app.MapRazorComponents<App>();

app.Run();
