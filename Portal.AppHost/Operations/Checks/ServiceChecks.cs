using System.Runtime.CompilerServices;
using System.Text.Json;
using Portal.AppHost.Manifests;

namespace Portal.AppHost.Operations.Checks;

/// <summary>Containers or pods, what the programs in them answer, and what they said when they started.</summary>
internal sealed class ServiceChecks(DeployedStack stack, StackHost host)
{
    // The lines of a start are among the first ones of a container; later ones come by the thousand.
    private const int Lines = 20_000;

    private const string StartLine = "Database connection resolved via";

    public async IAsyncEnumerable<Check> RunAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var status in await host.StatusAsync(cancel))
            yield return Of(status);
        if (stack.Kind == StackKind.Edge) yield break;

        foreach (var path in (string[])["/health", "/health/ready"]) yield return await InsideAsync("api", path, cancel);
        foreach (var check in await StartedAsync("api", cancel)) yield return check;
        if (stack.Kind == StackKind.Admin)
            foreach (var check in await StartedAsync("aggregator", cancel)) yield return check;
    }

    private Check Of(ServiceStatus status)
    {
        var seen = status.Image.Length == 0 ? status.Said : $"{status.Said}, {status.Image}";
        return status.IsHealthy
            ? status.Restarts == 0 ? Check.Good(status.Service, seen) : Check.Notable(status.Service, seen, $"Why it ended before is in its log: {LogsOf(status.Service)}")
            : Check.Failed(status.Service, seen, status.Image.Length == 0 ? $"Start it: {host.Says(Up)}" : $"Why is in its log: {LogsOf(status.Service)}");
    }

    private async Task<Check> InsideAsync(string service, string path, CancellationToken cancel)
    {
        var program = stack.Services.Single(one => one.Name == service);
        var answer = await host.RunAsync(new(service, ["dotnet", $"{program.Project}.dll", "--probe", $"http://127.0.0.1:{program.ContainerPort}{path}"]) { Limit = TimeSpan.FromSeconds(30) }, cancel);
        var subject = $"{path} inside";
        return answer.Succeeded ? Check.Good(subject, answer.Said) : Check.Failed(subject, answer.Said, $"Its log says why it is not ready: {LogsOf(service)}");
    }

    // Migrations and the first admin are of a first start alone: that a later one doesn't name them is right. A log may be of so many lines that
    // even the start is not among them.
    private async Task<IEnumerable<Check>> StartedAsync(string service, CancellationToken cancel)
    {
        var said = (await host.LogsAsync(service, Lines, cancel)).Select(Message).ToList();
        var start = said.FindLastIndex(line => line.Contains(StartLine, StringComparison.Ordinal));
        var subject = $"start of {service}";
        if (start < 0) return [Check.Good(subject, $"longer ago than the last {said.Count} lines of its log")];

        var since = said[start..];
        if (since.LastOrDefault(line => line.StartsWith("Failed", StringComparison.Ordinal)) is { } failed)
            return [Check.Failed(subject, failed, "Nothing of a failed migration stays. Fix the cause it names, or go back to the version before, and start it again.")];
        var applied = since.Where(line => line.StartsWith("Applied migration", StringComparison.Ordinal)).ToList();
        var seeded = since.FirstOrDefault(line => line.StartsWith("Seeded default admin", StringComparison.Ordinal));
        var ready = since.FirstOrDefault(line => line.EndsWith(" is ready", StringComparison.Ordinal) || line.StartsWith("Partitioned table for", StringComparison.Ordinal));
        var all = (string[])
        [
            said[start],
            applied.Count == 0 ? "no migration was pending" : $"{applied.Count} migrations applied, the last: {applied[^1]}",
            ready ?? "",
            seeded ?? (service == "api" ? "an admin was there already" : ""),
        ];
        var seen = string.Join("; ", all.Where(line => line.Length > 0));
        return [ready is null ? Check.Failed(subject, seen, $"It is still at its schema, or ended there: {LogsOf(service)}") : Check.Good(subject, seen)];
    }

    private const string Up = "up -d";

    private string LogsOf(string service) => stack.Target == Target.Compose
        ? $"docker logs --tail 100 {stack.Directory.Container(Manifests.Compose.ComposeFile.ContainerOf(stack.Services.Single(one => one.Name == service)))}"
        : host.Says($"logs --tail=100 --selector app.kubernetes.io/name={service}");

    private static string Message(string line)
    {
        if (!line.StartsWith('{')) return line;
        try
        {
            using var entry = JsonDocument.Parse(line);
            return entry.RootElement.TryGetProperty("@m", out var message) ? message.GetString() ?? line : line;
        }
        catch (JsonException)
        {
            return line;
        }
    }
}
