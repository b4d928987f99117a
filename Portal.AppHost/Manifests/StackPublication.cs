using Portal.AppHost.Manifests.Compose;

namespace Portal.AppHost.Manifests;

/// <summary>A stack for its platform.</summary>
internal static class StackPublication
{
    /// <param name="repository">The repository's root, where the dashboards are.</param>
    public static Publication Of(PublishOptions options, string repository) => ComposeStack.Of(options, repository);
}
