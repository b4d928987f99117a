using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Portal.Web.Api;
using Portal.Web.States;

namespace Portal.Web.Shell;

/// <summary>A page that fails doesn't take the circuit with it. A session that ended leads to the sign-in page, whatever the page was about to do.</summary>
public sealed class PageBoundary(SessionEnd session, ILogger<PageBoundary> logger) : ErrorBoundaryBase
{
    protected override Task OnErrorAsync(Exception exception)
    {
        if (exception is SignedOutException) session.Show();
        else logger.LogError(exception, "A page failed: {Reason}", exception.Message);
        return Task.CompletedTask;
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
        }
        else if (CurrentException is not SignedOutException)
        {
            builder.OpenComponent<PageFailed>(1);
            builder.AddComponentParameter(2, nameof(PageFailed.OnRetry), EventCallback.Factory.Create(this, Recover));
            builder.CloseComponent();
        }
    }
}
