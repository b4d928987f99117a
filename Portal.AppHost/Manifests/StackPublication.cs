using Portal.AppHost.Manifests.Compose;
using Portal.AppHost.Manifests.Kubernetes;

namespace Portal.AppHost.Manifests;

/// <summary>A stack for its platform.</summary>
internal static class StackPublication
{
    /// <param name="repository">The repository's root, where the dashboards are.</param>
    public static Publication Of(PublishOptions options, string repository)
    {
        var manifests = options.Target == Target.Kubernetes ? KubernetesStack.Of(options, repository) : ComposeStack.Of(options, repository);
        return manifests with { Files = [.. manifests.Files, PublicationRecord.Of(options)] };
    }
}
