using System.Net;
using System.Runtime.CompilerServices;
using Portal.Domain.Texts;

namespace Portal.AppHost.Operations.Checks;

/// <summary>A stack as people reach it: <c>/health</c> and <c>/health/ready</c> by its host name, and the certificate that is shown for it.</summary>
internal sealed class PublicChecks(Uri url, string directory, PublicAddress address, TimeProvider clock)
{
    /// <summary>An ACME client renews thirty days before the end; one that has not a week before doesn't.</summary>
    private static readonly TimeSpan TooLate = TimeSpan.FromDays(7);

    private static readonly TimeSpan Late = TimeSpan.FromDays(21);

    public async IAsyncEnumerable<Check> RunAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        PublicAddress.Answer? last = null;
        foreach (var path in (string[])["/health", "/health/ready"])
        {
            last = await address.AskAsync(new Uri(url, path), cancel);
            yield return Of(path, last);
            // The second question would say the same.
            if (last.Status is null) break;
        }

        if (url.Scheme == Uri.UriSchemeHttps && last is not null) yield return Certificate(last);
    }

    private Check Of(string path, PublicAddress.Answer answer)
    {
        var subject = $"{path} outside";
        var seen = $"{new Uri(url, path)}: {answer.Said}{(address.Resolve is { } there ? $" (at {there})" : "")}";
        return answer switch
        {
            { Status: HttpStatusCode.OK } => Check.Good(subject, seen),
            { Unknown: true } => Check.Failed(subject, seen, $"{url.Host} leads nowhere from this host: make its DNS record, or ask the edge itself: ./portal verify --directory {directory} --resolve ADDRESS"),
            { Distrusted: not null } => Check.Failed(subject, seen, "See the certificate below."),
            { Status: null } => Check.Failed(subject, seen, "Nothing answers there: is the edge up (./portal verify in its directory), and does the name lead to it?"),
            { Status: HttpStatusCode.NotFound } => Check.Failed(subject, seen, $"The edge does not know {url.Host}: copy edge/NAME.json of {directory} into the edge's gateway/stacks."),
            { Status: HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } => Check.Failed(subject, seen, "The edge answers, the stack doesn't: see its gateway and api above, and whether the gateway is on the network portal-edge."),
            _ => Check.Failed(subject, seen, "That is not what the stack answers: look at what stands before it."),
        };
    }

    private Check Certificate(PublicAddress.Answer answer)
    {
        const string subject = "certificate";
        if (answer.Distrusted is { } why) return Check.Failed(subject, why, $"Put a certificate for {url.Host} with its key and chain into the edge's certificates; one of your own authority is believed with --ca FILE.");
        if (answer.CertificateEnds is not { } ends) return Check.Failed(subject, "none was seen", "See above why there was no connection.");
        var left = ends - clock.GetUtcNow();
        var seen = $"ends {ends:yyyy-MM-dd}, in {Counted.Of((long)Math.Floor(left.TotalDays), "day")}";
        return left < TooLate ? Check.Failed(subject, seen, "Renew it now: the client that should have done so does not run.")
            : left < Late ? Check.Notable(subject, seen, "Look whether the client that renews it runs.")
            : Check.Good(subject, seen);
    }
}
