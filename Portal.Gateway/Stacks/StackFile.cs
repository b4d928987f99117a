using System.Collections.Immutable;
using System.Text.Json;

namespace Portal.Gateway.Stacks;

/// <summary>
/// Reads one stack file:
/// <code>
/// { "host": "abc0001.localhost",
///   "services": { "api": ["http://127.0.0.1:5001"], "web": ["http://127.0.0.1:5003"] },
///   "paths": { "/api/ingest": { "bodyMiB": 128, "timeoutSeconds": 300 } },
///   "rates": { "signIn": { "perSecond": 0.5, "burst": 10 } } }
/// </code>
/// A file is taken whole or refused whole; a field nobody knows is a typing error, not a comment.
/// </summary>
internal static class StackFile
{
    /// <summary>A stack with sixteen addresses for each of its five services needs 4 KiB.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MaxAddresses = 16;

    private static readonly ImmutableDictionary<string, Service> ServiceNames =
        Enum.GetValues<Service>().ToImmutableDictionary(service => service.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 8,
    };

    /// <summary>The stack, or null and the faults (at least one).</summary>
    public static Stack? Parse(string fileName, ReadOnlyMemory<byte> json, List<StackFault> faults)
    {
        var before = faults.Count;
        void Fault(string field, string reason) => faults.Add(new StackFault(fileName, field, reason));

        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                Fault("$", "must be an object with \"host\" and \"services\"");
                return null;
            }

            string? host = null;
            var services = ImmutableSortedDictionary<Service, ImmutableArray<string>>.Empty;
            var hasServices = false;
            JsonElement? paths = null;
            JsonElement? rates = null;
            foreach (var field in document.RootElement.EnumerateObject())
            {
                switch (field.Name)
                {
                    case "host":
                        host = Host(field.Value, Fault);
                        break;
                    case "services":
                        hasServices = true;
                        services = Services(field.Value, Fault);
                        break;
                    case "paths":
                        paths = field.Value;
                        break;
                    case "rates":
                        rates = field.Value;
                        break;
                    default:
                        Fault(field.Name, "is no known field; known are host, services, paths and rates");
                        break;
                }
            }

            if (host is null && !faults.Skip(before).Any(fault => fault.Field == "host")) Fault("host", "is missing");
            if (!hasServices) Fault("services", "is missing");
            var stack = new Stack(Path.GetFileNameWithoutExtension(fileName), host ?? "", services);
            // Which paths there are depends on the services.
            stack = stack with
            {
                Paths = paths is { } limits ? StackFileLimits.Paths(limits, stack, Fault) : stack.Paths,
                Rates = rates is { } counted ? StackFileLimits.Rates(counted, stack, Fault) : stack.Rates,
            };
            return faults.Count > before ? null : stack;
        }
        catch (JsonException malformed)
        {
            // The message ends with " LineNumber: 1 | BytePositionInLine: 0.", counted from 0.
            var what = malformed.Message.Split(" LineNumber:", 2)[0].TrimEnd('.');
            Fault("$", $"is no valid JSON (line {malformed.LineNumber + 1}): {what}");
            return null;
        }
    }

    private static string? Host(JsonElement value, Action<string, string> fault)
    {
        var host = value.ValueKind == JsonValueKind.String ? value.GetString()!.ToLowerInvariant() : "";
        if (host.Length is > 0 and <= 253 && Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 && !host.EndsWith('.'))
            return host;

        fault("host", $"is {value.GetRawText()}; it must be a host name without scheme, port or path, such as \"abc0001.example.com\"");
        return null;
    }

    private static ImmutableSortedDictionary<Service, ImmutableArray<string>> Services(JsonElement value, Action<string, string> fault)
    {
        var services = ImmutableSortedDictionary.CreateBuilder<Service, ImmutableArray<string>>();
        if (value.ValueKind != JsonValueKind.Object)
        {
            fault("services", "must be an object of service names, each with its addresses");
            return services.ToImmutable();
        }

        foreach (var field in value.EnumerateObject())
        {
            if (!ServiceNames.TryGetValue(field.Name, out var service))
                fault($"services.{field.Name}", $"is no known service; known are {string.Join(", ", ServiceNames.Keys.Order(StringComparer.Ordinal))}");
            else
                services[service] = Addresses($"services.{field.Name}", field.Value, fault);
        }

        if (services.Count == 0) fault("services", "must name at least one service");
        if (services.Count > 1 && services.ContainsKey(Service.Gateway))
            fault("services.gateway", "must be the only one: the stack's own gateway is handed the whole host");
        if (services.ContainsKey(Service.Grafana) && !services.ContainsKey(Service.Api))
            fault("services.grafana", "needs services.api as well, which says who is signed in");
        return services.ToImmutable();
    }

    private static ImmutableArray<string> Addresses(string path, JsonElement value, Action<string, string> fault)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > MaxAddresses)
        {
            fault(path, $"must be a list of 1 to {MaxAddresses} addresses");
            return [];
        }

        var addresses = ImmutableArray.CreateBuilder<string>();
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            var address = item.ValueKind == JsonValueKind.String ? item.GetString()! : "";
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
                || uri.PathAndQuery != "/" || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
                fault($"{path}[{index}]", $"is {item.GetRawText()}; it must be an address such as \"http://127.0.0.1:5001\", without a path");
            else if (addresses.Contains(uri.GetLeftPart(UriPartial.Authority)))
                fault($"{path}[{index}]", $"is {item.GetRawText()}, which the list has already");
            else
                addresses.Add(uri.GetLeftPart(UriPartial.Authority));
        }

        return addresses.ToImmutable();
    }
}
