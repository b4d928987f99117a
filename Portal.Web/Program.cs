using Portal.ServiceDefaults;
using Portal.ServiceDefaults.Sessions;
using Portal.Web;
using Portal.Web.Account;
using Portal.Web.Api;
using Portal.Web.Grafana;
using Portal.Web.Navigation;
using Portal.Web.SignIn;
using Portal.Web.Theme;

if (await Probe.AnswerAsync(args) is { } exitCode) return exitCode;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();

builder.Services.AddOptions<ApplicationOptions>().BindConfiguration(ApplicationOptions.SectionName).ValidateOnStart();
builder.RequireAddressOf("api");
if (builder.Configuration["Application:RunMode"] == nameof(RunMode.Admin)) builder.RequireAddressOf("aggregator");

builder.Services.AddPortalSessions(signInPath: "/sign-in", twoFactorPath: OwnPages.Path);
builder.Services.AddPagePolicies();
builder.AddSharedKeyRing();
builder.Services.AddApis();
builder.Services.AddGrafana();
builder.Services.AddPages();

var app = builder.Build();
app.CheckSettings();

app.UseCallerAddress();
app.UseExceptionHandler(new ExceptionHandlerOptions
{
    ExceptionHandlingPath = "/error",
    CreateScopeForErrors = true,
    StatusCodeSelector = exception => exception is SessionCheckUnavailableException ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
});
app.UseStatusCodePagesWithReExecute("/status/{0}");
app.UseContentSecurity();
app.UseCrossSiteGuard();
app.UseRunMode();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();

app.MapDefaultEndpoints();
app.MapStaticAssets().AllowAnonymous();
app.MapSignOut();
app.MapTheme();
app.MapPages();

app.Run();
return 0;
