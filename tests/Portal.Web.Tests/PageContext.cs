using System.Net;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;
using Portal.Web.Api;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Tests;

/// <summary>A page in a circuit, beside an API that the test plays, on a clock that the test sets.</summary>
public abstract class PageContext : BunitContext, IAsyncLifetime
{
    // The usual second is short for a machine that does other things as well; nothing waits for it where all is well.
    static PageContext() => DefaultWaitTimeout = TimeSpan.FromSeconds(30);

    /// <param name="besides">Services of the page under test alone.</param>
    protected PageContext(Action<IServiceCollection>? besides = null)
    {
        besides?.Invoke(Services);
        Services.AddLogging();
        Services.AddLocalization();
        Services.AddMudServices();
        Services.AddSingleton<TimeProvider>(Clock);
        Services.AddScoped<PageVisibility>();
        Services.AddScoped<SessionEnd>();
        Services.AddScoped<DataScope>();
        Services.AddScoped<Dialogs>();
        Services.AddScoped<Messages>();
        Services.AddTransient<FormState>();
        Answer(request => ApiLater?.Invoke(request) ?? Task.FromResult(Api(request)));
        Person = AddAuthorization();
        JSInterop.Mode = JSRuntimeMode.Loose;
        AddBunitPersistentComponentState();
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    /// <summary>What both APIs answer; tests set it.</summary>
    protected Func<HttpRequestMessage, HttpResponseMessage> Api { get; set; } = _ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);

    /// <summary>The same, where a test holds the answer back.</summary>
    protected Func<HttpRequestMessage, Task<HttpResponseMessage>>? ApiLater { get; set; }

    /// <summary>Who looks; nobody is signed in until a test says so.</summary>
    protected BunitAuthorizationContext Person { get; }

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 30, 0, TimeSpan.Zero));

    protected PageVisibility Visibility => Services.GetRequiredService<PageVisibility>();

    public Task InitializeAsync() => Task.CompletedTask;

    // Some of what a circuit holds can only be let go of asynchronously.
    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    private void Answer(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer)
    {
        var caller = new Caller(new HttpContextAccessor());
        var http = new HttpClient(new Answering(answer)) { BaseAddress = new Uri("http://api") };
        Services.AddSingleton(new PortalApi(http, caller));
        Services.AddSingleton(new FleetApi(http, caller));
        Services.AddSingleton(new IngestApi(http, caller));
    }

    private sealed class Answering(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request);
    }
}
